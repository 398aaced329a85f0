// @ts-check
/** The dialogs of one person: birth date, consent, and being forgotten. */
import { ask } from "../../components/dialog/dialog.js";
import { counted } from "../../core/format.js";
import { html } from "../../core/html.js";

/** @typedef {import("../../components/merge-choice/merge-choice.js").Person} Person */
/** @typedef {import("../../core/app.js").App} App */

const CONSENTS = /** @type {const} */ ([
  ["yes", "Agreed", "Wants to be recognized."],
  ["no", "Refused", "Searches leave them out, and guests never see them."],
  ["", "Nothing said", "Is recognized like everybody."],
]);

/** @param {App} app @param {Person} person */
export async function askBirthDate(app, { id, born }) {
  const answer = await ask({ heading: "Birth date", content: (/** @type {(answer: {born: string | null}) => void} */ choose) => html`
    <form @submit=${(/** @type {SubmitEvent} */ event) => choose({ born: String(formOf(event).get("born")) || null })}>
      <label class="label">Born on<input class="field" type="date" name="born" value="${born ?? ""}" max="${new Date().toISOString().slice(0, 10)}" autofocus></label>
      <p class="soft small">No photo from before that day will be taken for this person.</p>
      <footer class="dialog-foot">${born ? html`<button class="button" data-kind="plain" type="button" @click=${() => choose({ born: null })}>Remove</button>` : null}
        <button class="button" data-kind="primary">Save</button></footer></form>` });
  if (answer && answer.born !== born) await app.decide(app.api.patch(`people/${id}`, answer));
}

/** @param {App} app @param {Person} person */
export async function askConsent(app, { id, consent }) {
  const now = consent === null ? "" : consent ? "yes" : "no";
  const answer = await ask({ heading: "Consent", content: (/** @type {(answer: {said: string}) => void} */ choose) => html`
    <form class="consent" @submit=${(/** @type {SubmitEvent} */ event) => choose({ said: String(formOf(event).get("consent")) })}>
      <fieldset><legend class="visually-hidden">Consent</legend>${CONSENTS.map(([value, label, text]) => html`<label class="consent-choice"><input type="radio" name="consent" value="${value}" ?checked=${value === now}>
        <span><strong>${label}</strong><span class="soft small">${text}</span></span></label>`)}</fieldset>
      <footer class="dialog-foot"><button class="button" data-kind="primary">Save</button></footer></form>` });
  if (!answer || answer.said === now) return;
  await app.decide(app.api.patch(`people/${id}`, { consent: answer.said ? answer.said === "yes" : null }));
}

/** This alone cannot be undone, so the name is typed once more. @param {App} app @param {Person} person */
export async function askForget(app, { id, name, face_count, cover_url }) {
  const word = name ?? "forget";
  const sure = await ask({ heading: `Forget ${name ?? "this person"}?`, content: (/** @type {(answer: boolean) => void} */ choose) => html`
    <form class="forget" @submit=${(/** @type {SubmitEvent} */ event) => { if (formOf(event).get("name") === word) choose(true); }}>
      <img class="forget-face" alt="" src="${app.api.picture(cover_url)}">
      <p>Everything Kith knows of ${counted(face_count, "face")} is erased: what they are recognized by, the name, and all that was said. The photos stay. These faces are not recognized again.</p>
      <p><strong>This cannot be undone.</strong></p>
      <label class="label">Type ${word} to go on<input class="field" name="name" autocomplete="off" spellcheck="false" required pattern="${escaped(word)}" title="${word}"></label>
      <footer class="dialog-foot"><button class="button" data-kind="plain" type="button" @click=${() => choose(false)}>Cancel</button><button class="button" data-kind="bad">Forget</button></footer></form>` });
  if (!sure) return;
  const erased = await app.attempt(app.api.post(`people/${id}/forget`, { confirm: name ?? id }));
  if (!erased) return;
  app.toasts.show({ text: `${name ?? "This person"} is forgotten: ${counted(erased.faces, "face")} in ${counted(erased.photos, "photo")}.` });
  await app.router.go("/people", { replace: true });
  app.live.touch();
}

/** @param {SubmitEvent} event */
function formOf(event) {
  event.preventDefault();
  return new FormData(/** @type {HTMLFormElement} */ (event.target));
}

/** A name as a pattern that nothing else matches. @param {string} text */
const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
