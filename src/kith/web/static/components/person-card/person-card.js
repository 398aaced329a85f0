// @ts-check
/** A person in a grid of `<kith-card-window>`: the face first, then the name, which can be typed there. */
import { counted } from "../../core/format.js";
import { html } from "../../core/html.js";
import { register as registerNameField } from "../name-field/name-field.js";
import { pickMark } from "../pick/pick.js";

/** @typedef {import("../merge-choice/merge-choice.js").Person} Person */

/**
 * @param {import("../../core/app.js").App} app
 * @param {Person} person
 * @param {{picked: boolean, pick: ((event: MouseEvent) => void) | null, place: number, of: number}} how
 *     pick: null where nothing can be picked; place: among all, from 0
 */
export function personCard(app, person, { picked, pick, place, of }) {
  const label = `${person.name ?? "Someone without a name"}, ${counted(person.photo_count, "photo")}`;
  return html`<li class="person-card" key="${person.id}" data-person="${person.id}" data-place="${place}" aria-posinset="${place + 1}" aria-setsize="${of}" ?data-picked=${picked} ?data-unnamed=${!person.name}>
    <a class="person-face" href="people/${person.id}" aria-label="${label}" draggable="false" @click=${(/** @type {MouseEvent} */ event) => pickInstead(event, pick)}><img alt="" loading="lazy" decoding="async" draggable="false" src="${app.api.picture(person.cover_url)}"></a>
    ${pick ? pickMark(label, picked, pick) : null}
    <kith-name-field class="person-name" .app=${app} .person=${person} .editable=${Boolean(pick)}></kith-name-field>
    <span class="person-count soft number" aria-hidden="true">${counted(person.photo_count, "photo")}</span>
  </li>`;
}

/** While people are picked, a click on a face picks as well. */
/** @param {MouseEvent} event @param {((event: MouseEvent) => void) | null} pick */
function pickInstead(event, pick) {
  const picking = /** @type {Element} */ (event.currentTarget ?? event.target).closest("[data-picking]");
  if (!pick || !picking || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  pick(event);
}

export function register() {
  registerNameField();
}
