// @ts-check
/** `<kith-menu .label .image .items>`: a button with a menu. items: [{label, image, run, bad?}]; null is left out. */
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";
import { signal } from "../../core/signals.js";
import { icon } from "../../icons/icons.js";

export class KithMenu extends KithElement {
  static properties = { label: "More", image: "more", items: [] };

  #open = signal(false);

  mounted() {
    const outside = (/** @type {Event} */ event) => {
      if (!this.contains(/** @type {Node} */ (event.target))) this.#open.value = false;
    };
    document.addEventListener("pointerdown", outside);
    this.untilGone(() => document.removeEventListener("pointerdown", outside));
  }

  view() {
    const open = this.#open.value;
    return html`<div class="menu" @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event)}>
      <button class="icon-button menu-button" type="button" aria-label="${this.label}" aria-haspopup="menu" aria-expanded="${String(open)}" @click=${() => this.#toggle()}>${icon(this.image)}</button>
      ${open ? html`<ul class="menu-list" role="menu" aria-label="${this.label}">${this.items.filter(Boolean).map((/** @type {any} */ item) => html`<li role="none">
        <button class="menu-item" role="menuitem" type="button" tabindex="-1" ?data-bad=${item.bad} @click=${() => this.#choose(item)}>${icon(item.image)}${item.label}</button></li>`)}</ul>` : null}
    </div>`;
  }

  #toggle() {
    this.#open.value = !this.#open.value;
    if (this.#open.value) setTimeout(() => this.find('[role="menuitem"]')?.focus());
  }

  /** @param {{run(): void}} item */
  #choose(item) {
    this.#close();
    item.run();
  }

  #close() {
    this.#open.value = false;
    this.find(".menu-button").focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.#open.value) return;
    const items = /** @type {HTMLElement[]} */ ([...this.querySelectorAll('[role="menuitem"]')]);
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const target = { ArrowDown: (at + 1) % items.length, ArrowUp: (at - 1 + items.length) % items.length, Home: 0, End: items.length - 1 }[event.key];
    if (target !== undefined) items[target].focus();
    else if (event.key === "Escape") this.#close();
    else if (event.key === "Tab") this.#open.value = false;
    else return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
  }
}

export function register() {
  define("kith-menu", KithMenu);
}
