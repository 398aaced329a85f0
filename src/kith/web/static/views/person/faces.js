// @ts-check
/** What can be said of faces that are picked among those of a person. */
import { ask } from "../../components/dialog/dialog.js";
import { othersOf } from "../../components/name-field/name-field.js";
import { counted } from "../../core/format.js";
import { html } from "../../core/html.js";

/** @typedef {import("../../components/merge-choice/merge-choice.js").Person} Person */
/** @typedef {import("../../core/app.js").App} App */

/**
 * @param {App} app @param {Person} person @param {import("../../core/selection.js").Selection} selection
 * @returns {import("../../components/pick-bar/pick-bar.js").Deed[]}
 */
export function faceDeeds(app, person, selection) {
  /** @param {Promise<any>} doing */
  const decide = async (doing) => {
    if (await app.decide(doing)) selection.clear();
  };
  const of = `people/${person.id}`;
  return [
    { label: "Cover", image: "cover", most: 1, run: ([id]) => decide(app.api.patch(of, { cover_face_id: id })) },
    { label: "Confirm", image: "check", run: (ids) => decide(app.api.post(`${of}/confirm`, { face_ids: ids })) },
    { label: "Someone else", image: "split", run: (ids) => someoneElse(app, person, ids, decide) },
    { label: person.name ? `Not ${person.name}` : "Not this person", image: "close", kind: "primary", run: (ids) => decide(app.api.post(`${of}/not`, { face_ids: ids })) },
  ];
}

/**
 * Asks who these faces are instead: somebody known, somebody new, or nobody yet has a name for them.
 * @param {App} app @param {Person} person @param {string[]} ids @param {(doing: Promise<any>) => unknown} decide
 */
async function someoneElse(app, person, ids, decide) {
  const chosen = await ask({ heading: `Who ${ids.length === 1 ? "is this face" : `are these ${ids.length} faces`}?`, content: (/** @type {(answer: {id: string | null, name: string | null}) => void} */ choose) => html`
    <div class="someone-else"><kith-combobox .app=${app} .label=${"Name"} .placeholder=${"Type a name"} .find=${othersOf(app, person)} @chosen=${(/** @type {CustomEvent} */ event) => choose(event.detail)}></kith-combobox>
      <button class="button" type="button" @click=${() => choose({ id: null, name: null })}>One other person, without a name</button>
      <p class="soft small">${counted(ids.length, "face")} will leave ${person.name ?? "this person"}.</p></div>` });
  if (!chosen) return;
  if (chosen.name) await decide(app.api.post("faces/assign", { face_ids: ids, ...(chosen.id ? { person_id: chosen.id } : { name: chosen.name }) }));
  else await decide(app.api.post(`people/${person.id}/split`, { face_ids: ids }));
}
