// @ts-check
/**
 * `<kith-person-card .app .person .picked .editable>`: a person in a grid: the face first, then the name, which can be
 * typed there. Tells `pick` (detail: {id, range}). `personCard` makes one.
 */
import { define, KithElement } from "../../core/element.js";
import { counted } from "../../core/format.js";
import { html } from "../../core/html.js";
import { register as registerNameField } from "../name-field/name-field.js";
import { pickMark } from "../pick/pick.js";

/** @typedef {import("../merge-choice/merge-choice.js").Person} Person */

export class KithPersonCard extends KithElement {
  static properties = { person: null, picked: false, editable: false };

  view() {
    const { person, picked, editable } = this;
    const label = `${person.name ?? "Someone without a name"}, ${counted(person.photo_count, "photo")}`;
    return html`
      <a class="person-face" href="people/${person.id}" aria-label="${label}" draggable="false" @click=${(/** @type {MouseEvent} */ event) => this.#clicked(event)}><img alt="" loading="lazy" decoding="async" draggable="false" src="${this.app.api.picture(person.cover_url)}"></a>
      ${editable ? pickMark(label, picked, (event) => this.#pick(event)) : null}
      <kith-name-field class="person-name" .app=${this.app} .person=${person} .editable=${editable}></kith-name-field>
      <span class="person-count soft number" aria-hidden="true">${counted(person.photo_count, "photo")}</span>`;
  }

  /** @param {MouseEvent} event */
  #pick({ shiftKey }) {
    this.emit("pick", { id: this.person.id, range: shiftKey });
  }

  /** While people are picked, a click on a face picks as well. @param {MouseEvent} event */
  #clicked(event) {
    if (!this.editable || !this.closest("[data-picking]") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#pick(event);
  }
}

/**
 * A card of `<kith-card-window>`.
 * @param {import("../../core/app.js").App} app @param {Person} person @param {boolean} picked
 */
export function personCard(app, person, picked) {
  return html`<kith-person-card class="person-card" data-person="${person.id}" ?data-picked=${picked} ?data-unnamed=${!person.name} .app=${app} .person=${person} .picked=${picked} .editable=${app.mayEdit()}></kith-person-card>`;
}

export function register() {
  registerNameField();
  define("kith-person-card", KithPersonCard);
}
