// @ts-check
/**
 * `<kith-combobox .label .value .find .placeholder>`: a line of text with completions.
 * `find(text)` answers with [{id, name, picture?, note?}]. Tells `chosen` (detail: {id|null, name}): one of
 * the completions, or what was typed.
 */
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";
import { signal } from "../../core/signals.js";

/** @typedef {{id: string, name: string, picture?: string, note?: string}} Option */

const TYPING_MS = 80;

/** Every combobox has a list of its own. */
const numbers = { last: 0 };

export class KithCombobox extends KithElement {
  static properties = { label: "", value: "", placeholder: "", find: null };

  #options = signal(/** @type {Option[]} */ ([]));
  #chosen = signal(-1);
  #waiting = 0;
  #asked = 0;
  #list = `options-${++numbers.last}`;

  mounted() {
    this.untilGone(() => clearTimeout(this.#waiting));
  }

  /** @returns {HTMLInputElement} */
  get field() {
    return /** @type {HTMLInputElement} */ (this.querySelector("input"));
  }

  view() {
    const options = this.#options.value;
    const chosen = this.#chosen.value;
    return html`<div class="combobox">
      <input class="field" role="combobox" aria-label="${this.label}" aria-autocomplete="list" aria-controls="${this.#list}" aria-expanded="${String(options.length > 0)}"
        ${chosen >= 0 ? html`aria-activedescendant="${this.#list}-${chosen}"` : null} value="${this.value}" placeholder="${this.placeholder}"
        autocomplete="off" spellcheck="false" enterkeyhint="done" maxlength="200"
        @input=${() => this.#typed()} @focus=${() => this.#typed()} @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event)}>
      <ul class="combobox-list" id="${this.#list}" role="listbox" aria-label="${this.label}" ?hidden=${!options.length}>
        ${options.map((option, index) => html`<li class="combobox-item" role="option" id="${this.#list}-${index}" aria-selected="${String(index === chosen)}"
          @pointerdown=${(/** @type {Event} */ event) => event.preventDefault()} @click=${() => this.#take(option)}>
          ${option.picture ? html`<img class="combobox-picture" alt="" src="${option.picture}">` : null}<span>${option.name}</span>
          ${option.note ? html`<span class="soft small">${option.note}</span>` : null}</li>`)}
      </ul>
    </div>`;
  }

  #typed() {
    clearTimeout(this.#waiting);
    this.#waiting = window.setTimeout(() => this.ask(), TYPING_MS);
  }

  /** Shows what fits what is typed now; before anything is, everybody. */
  async ask() {
    const asked = ++this.#asked;
    const options = await this.find?.(this.field.value.trim());
    if (asked !== this.#asked || !this.isConnected) return;
    this.#chosen.value = -1;
    this.#options.value = options ?? [];
  }

  /** @param {Option | {id: null, name: string}} option */
  #take(option) {
    this.#options.value = [];
    this.emit("chosen", option);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const options = this.#options.value;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length) {
      this.#chosen.value = (this.#chosen.value + step + options.length + (this.#chosen.value < 0 && step < 0 ? 1 : 0)) % options.length;
    } else if (event.key === "Enter") {
      this.#enter();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #enter() {
    const chosen = this.#options.value[this.#chosen.value];
    const typed = this.field.value.trim();
    const same = this.#options.value.find(({ name }) => name.toLowerCase() === typed.toLowerCase());
    if (chosen ?? same) this.#take(chosen ?? same);
    else if (typed) this.#take({ id: null, name: typed });
  }
}

/**
 * Completions with the names of people.
 * @param {import("../../core/app.js").App} app
 */
export function namesOf(app) {
  return async (/** @type {string} */ search) => {
    const answer = await app.api.get("people", { named: "named", show: "all", search, limit: 8 }).catch(() => null);
    return (answer?.people ?? []).map((/** @type {any} */ person) => ({
      id: person.id, name: person.name, picture: app.api.picture(person.cover_url), note: String(person.photo_count),
    }));
  };
}

export function register() {
  define("kith-combobox", KithCombobox);
}
