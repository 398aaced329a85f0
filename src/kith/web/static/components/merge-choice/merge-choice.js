// @ts-check
/**
 * `<kith-merge-choice .app .people>`: several people who are one, who goes into whom, and swapping that. Tells
 * `chosen` (detail: {into, ids}, or null).
 */
import { define, KithElement } from "../../core/element.js";
import { counted } from "../../core/format.js";
import { html } from "../../core/html.js";
import { icon } from "../../icons/icons.js";
import { ask, register as registerDialog } from "../dialog/dialog.js";

/**
 * @typedef {object} Person
 * @property {string} id
 * @property {string | null} name
 * @property {boolean} hidden
 * @property {string | null} born
 * @property {boolean | null} consent
 * @property {number} photo_count
 * @property {number} face_count
 * @property {string} cover_face_id
 * @property {string} cover_url
 */

export class KithMergeChoice extends KithElement {
  static properties = { people: [], stays: null };

  view() {
    const into = this.#into();
    const others = this.people.filter((/** @type {Person} */ person) => person !== into);
    const names = others.map((/** @type {Person} */ { name }) => name).filter((/** @type {string | null} */ name) => name && name !== into.name);
    return html`<div class="merge">
      <div class="merge-sides">
        <div class="merge-side" role="group" aria-label="Goes">${others.map((/** @type {Person} */ person) => this.#other(person))}</div>
        <div class="merge-arrow">${icon("forward")}<span class="visually-hidden">into</span>
          ${others.length === 1 ? html`<button class="button" type="button" @click=${() => { this.stays = others[0]; }}>${icon("swap")}Swap</button>` : null}</div>
        <div class="merge-side" role="group" aria-label="Stays">${face(this.app, into, true)}</div>
      </div>
      <p class="soft small">${counted(sum(this.people), "photo")} together${into.name ? `, all as ${into.name}` : ""}. ${names.length ? `The name ${names.join(", ")} is given up. ` : ""}${others.length > 1 ? "Choose a face on the other side to let that one stay. " : ""}You can undo this.</p>
      <footer class="dialog-foot">
        <button class="button" data-kind="plain" type="button" @click=${() => this.emit("chosen", null)}>Cancel</button>
        <button class="button" data-kind="primary" type="button" autofocus @click=${() => this.emit("chosen", { into: into.id, ids: others.map((/** @type {Person} */ { id }) => id) })}>${icon("merge")}Merge</button>
      </footer>
    </div>`;
  }

  /** Who has a name stays, else who is in more photos. @returns {Person} */
  #into() {
    const ranked = this.people.toSorted((/** @type {Person} */ one, /** @type {Person} */ other) => Number(Boolean(other.name)) - Number(Boolean(one.name)) || other.photo_count - one.photo_count);
    return this.stays ?? ranked[0];
  }

  /** @param {Person} person */
  #other(person) {
    return html`<button class="merge-face" type="button" key="${person.id}" aria-label="Let ${person.name ?? "this person"} stay" @click=${() => { this.stays = person; }}>${portrait(this.app, person)}</button>`;
  }
}

/** @param {import("../../core/app.js").App} app @param {Person} person @param {boolean} stays */
function face(app, person, stays) {
  return html`<div class="merge-face" ?data-stays=${stays}>${portrait(app, person)}</div>`;
}

/** @param {import("../../core/app.js").App} app @param {Person} person */
function portrait(app, { name, photo_count, cover_url }) {
  return html`<img alt="" src="${app.api.picture(cover_url)}"><span>${name ?? "No name yet"}</span><span class="soft number">${counted(photo_count, "photo")}</span>`;
}

/** @param {Person[]} people */
const sum = (people) => people.reduce((total, { photo_count }) => total + photo_count, 0);

/**
 * Asks whether these are one person, and who stays.
 * @param {import("../../core/app.js").App} app
 * @param {Person[]} people
 * @param {string} [heading]
 * @returns {Promise<{into: string, ids: string[]} | null>}
 */
export function askMerge(app, people, heading = `Merge ${people.length} people`) {
  return ask({ heading, content: (choose) => html`<kith-merge-choice .app=${app} .people=${people} @chosen=${(/** @type {CustomEvent} */ event) => choose(event.detail)}></kith-merge-choice>` });
}

export function register() {
  registerDialog();
  define("kith-merge-choice", KithMergeChoice);
}
