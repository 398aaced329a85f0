// @ts-check
/**
 * `<kith-name-field .app .person .label>`: a person's name, which becomes a field with completions when it is
 * clicked. A name that somebody else has is a question: the same person? `edit()` opens the field.
 */
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";
import { signal } from "../../core/signals.js";
import { namesOf, register as registerCombobox } from "../combobox/combobox.js";
import { askMerge, register as registerMergeChoice } from "../merge-choice/merge-choice.js";

/** @typedef {import("../merge-choice/merge-choice.js").Person} Person */

const EDGE = 12;

export class KithNameField extends KithElement {
  static properties = { person: null, editable: true };

  #editing = signal(false);

  edit() {
    this.#editing.value = true;
    queueMicrotask(() => {
      /** @type {HTMLInputElement} */ (this.find("input"))?.select();
      this.#stayInView();
    });
  }

  /** At the edge of the view, the field moves inward. */
  #stayInView() {
    const field = this.querySelector(".name-editing");
    if (!(field instanceof HTMLElement)) return;
    const { left, right } = field.getBoundingClientRect();
    const room = (this.closest("main") ?? document.body).getBoundingClientRect();
    const shift = Math.max(0, room.left + EDGE - left) - Math.max(0, right - room.right + EDGE);
    field.style.setProperty("--shift", `${shift}px`);
    field.scrollIntoView({ block: "nearest" });
  }

  view() {
    const { name } = this.person;
    if (!this.editable) return html`<span class="name-text">${name ?? ""}</span>`;
    if (!this.#editing.value) {
      return html`<button class="name-button" type="button" ?data-unnamed=${!name} aria-label="${name ? `Change the name ${name}` : "Add a name"}" @click=${() => this.edit()}>${name ?? "Add a name"}</button>`;
    }
    return html`<div class="name-editing" @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event)} @focusout=${(/** @type {FocusEvent} */ event) => this.#left(event)}>
      <kith-combobox .label=${"Name"} .value=${name ?? ""} .placeholder=${"Who is this?"} .find=${othersOf(this.app, this.person)} @chosen=${(/** @type {CustomEvent} */ event) => this.#take(event.detail)}></kith-combobox></div>`;
  }

  /** @param {{id: string | null, name: string}} chosen */
  async #take(chosen) {
    this.#close();
    await nameOrMerge(this.app, this.person, chosen);
  }

  #close() {
    this.#editing.value = false;
    setTimeout(() => this.querySelector("button")?.focus({ preventScroll: true }));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#close();
  }

  /** @param {FocusEvent} event */
  #left({ relatedTarget }) {
    if (!this.contains(/** @type {Node | null} */ (relatedTarget))) this.#editing.value = false;
  }
}

/**
 * Completions with the names of everybody but one.
 * @param {import("../../core/app.js").App} app
 * @param {{id: string}} person
 */
export function othersOf(app, person) {
  const find = namesOf(app);
  return async (/** @type {string} */ text) => (await find(text)).filter((/** @type {{id: string}} */ { id }) => id !== person.id);
}

/**
 * Gives a person a name; if somebody has it already, asks whether they are one.
 * @param {import("../../core/app.js").App} app
 * @param {Person} person
 * @param {{id: string | null, name: string}} chosen
 */
export async function nameOrMerge(app, person, { id, name }) {
  if (name === person.name) return null;
  const other = await namesake(app, person, id, name);
  if (!other) return app.decide(app.api.patch(`people/${person.id}`, { name }));
  const merge = await askMerge(app, [other, person], `Is this ${other.name}?`);
  return merge ? app.decide(app.api.post("people/merge", merge)) : null;
}

/**
 * Somebody else of that name.
 * @param {import("../../core/app.js").App} app @param {Person} person @param {string | null} id @param {string} name
 * @returns {Promise<Person | null | undefined>}
 */
async function namesake(app, person, id, name) {
  if (id) return app.attempt(app.api.get(`people/${id}`));
  const answer = await app.attempt(app.api.get("people", { named: "named", show: "all", search: name, limit: 20 }));
  return answer?.people.find((/** @type {Person} */ each) => each.id !== person.id && each.name?.toLowerCase() === name.toLowerCase());
}

export function register() {
  registerCombobox();
  registerMergeChoice();
  define("kith-name-field", KithNameField);
}
