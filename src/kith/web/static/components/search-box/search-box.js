// @ts-check
/** `<kith-search-box .app>`: where a query is typed, with completions. */
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";
import { signal } from "../../core/signals.js";
import { icon } from "../../icons/icons.js";

/** @typedef {{text: string, kind: "person" | "album" | "label" | "term", label: string}} Suggestion */

const TYPING_MS = 90;
const IMAGES = /** @type {const} */ ({ person: "person", album: "album", label: "tag", term: "search" });

export class KithSearchBox extends KithElement {
  #suggestions = signal(/** @type {Suggestion[]} */ ([]));
  #chosen = signal(-1);
  #waiting = 0;
  #asked = new AbortController();

  mounted() {
    this.whenever(() => {
      const { page } = this.app.router.shown.value;
      const query = page?.route.path === "/" ? page.query.get("query") : "";
      this.find("input").value = query ?? "";
    });
  }

  view() {
    const suggestions = this.#suggestions.value;
    const chosen = this.#chosen.value;
    return html`<form class="search" role="search" @submit=${(/** @type {Event} */ event) => this.#submit(event)}>
      ${icon("search")}
      <input type="search" name="query" class="search-field" role="combobox" aria-label="Search photos" aria-autocomplete="list" aria-controls="search-suggestions"
        aria-expanded="${String(suggestions.length > 0)}" ${chosen >= 0 ? html`aria-activedescendant="suggestion-${chosen}"` : null}
        placeholder="Search" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="search"
        @input=${() => this.#typed()} @focus=${() => this.#typed()} @click=${() => this.#typed()} @blur=${() => this.#close()} @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event)}>
      <kbd class="search-key" aria-hidden="true">/</kbd>
      <ul class="search-list" id="search-suggestions" role="listbox" aria-label="Completions" ?hidden=${!suggestions.length}>
        ${suggestions.map((each, index) => html`<li class="search-item" role="option" id="suggestion-${index}" aria-selected="${String(index === chosen)}"
          @pointerdown=${(/** @type {Event} */ event) => { event.preventDefault(); this.#take(each); }}>${icon(IMAGES[each.kind] ?? "search")}<span>${each.label}</span></li>`)}
      </ul>
    </form>`;
  }

  /** @returns {HTMLInputElement} */
  get #field() {
    return this.find("input");
  }

  #typed() {
    clearTimeout(this.#waiting);
    this.#waiting = window.setTimeout(() => this.#ask(), TYPING_MS);
  }

  async #ask() {
    this.#asked.abort();
    this.#asked = new AbortController();
    const { value, selectionStart } = this.#field;
    const answer = await this.app.api.get("suggest", { text: value, at: selectionStart ?? value.length }, this.#asked.signal).catch(() => null);
    if (!answer || document.activeElement !== this.#field) return;
    this.#chosen.value = -1;
    this.#suggestions.value = answer.suggestions;
  }

  #close() {
    clearTimeout(this.#waiting);
    this.#asked.abort();
    this.#suggestions.value = [];
  }

  /** @param {Suggestion} suggestion */
  #take({ text }) {
    const rest = this.#field.value.slice(this.#field.selectionStart ?? undefined);
    this.#field.value = text + (/[":]$/.test(text) && !text.endsWith('"') ? "" : " ") + rest.trimStart();
    this.#suggestions.value = [];
    this.#typed();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { length } = this.#suggestions.value;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && length) {
      this.#chosen.value = (this.#chosen.value + step + length + (this.#chosen.value < 0 && step < 0 ? 1 : 0)) % length;
      event.preventDefault();
    } else if ((event.key === "Enter" || event.key === "Tab") && this.#chosen.value >= 0) {
      this.#take(this.#suggestions.value[this.#chosen.value]);
      event.preventDefault();
    } else if (event.key === "Escape") {
      if (length) this.#close();
      else this.#field.blur();
      event.preventDefault();
      event.stopPropagation();
    }
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const query = this.#field.value.trim();
    this.#close();
    this.#field.blur();
    this.app.router.go(query ? `/?query=${encodeURIComponent(query)}` : "/");
  }
}

export function register() {
  define("kith-search-box", KithSearchBox);
}
