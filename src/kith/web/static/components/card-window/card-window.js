// @ts-check
/**
 * `<kith-card-window .items .card .label .least .gap .foot>`: equal cards in a grid, of which only those near the
 * view are in the document. A card is as high as it is wide, and `foot` pixels more; it is at least `least`
 * pixels wide. `card(item)` answers with what is in it; an item has an id. While one scrolls, cards come and go, and
 * those that stay are not rendered again.
 */
import { define, KithElement } from "../../core/element.js";
import { html, render } from "../../core/html.js";

/** How many rows are kept above and below the view. */
const AROUND = 3;

export class KithCardWindow extends KithElement {
  static properties = { items: [], card: null, label: "", least: 144, gap: 16, foot: 64 };

  scroller = /** @type {HTMLElement} */ (/** @type {unknown} */ (null));
  #shown = { columns: 1, row: 1, first: 0, end: 0 };
  /** @type {Map<string, HTMLLIElement>} by the id of the item */
  #cards = new Map();
  #frame = 0;

  mounted() {
    this.scroller = /** @type {HTMLElement} */ (this.closest("[data-scroller]"));
    const later = () => {
      this.#frame ||= requestAnimationFrame(() => {
        this.#frame = 0;
        if (this.#measure()) this.#place(false);
      });
    };
    const resized = new ResizeObserver(later);
    for (const each of [this, this.scroller, this.parentElement]) if (each) resized.observe(each);
    this.scroller.addEventListener("scroll", later, { passive: true });
    this.untilGone(() => {
      resized.disconnect();
      this.scroller.removeEventListener("scroll", later);
      cancelAnimationFrame(this.#frame);
    });
    this.whenever(() => {
      if (!this.items || !this.card) return;
      this.#measure();
      this.#place(true);
    });
  }

  view() {
    return html`<ul class="window-list" data-kept aria-label="${this.label}" @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event)}></ul>`;
  }

  /** Which cards are near the view. @returns {boolean} whether these are others than before */
  #measure() {
    const { clientWidth: width, items, least, gap, foot } = this;
    if (!width) return false;
    const columns = Math.max(1, Math.floor((width + gap) / (least + gap)));
    const row = (width - gap * (columns - 1)) / columns + foot;
    const above = this.scroller.getBoundingClientRect().top - this.getBoundingClientRect().top;
    const rows = Math.ceil(items.length / columns);
    const first = Math.min(rows, Math.max(0, Math.floor(above / row) - AROUND)) * columns;
    const end = Math.min(items.length, Math.max(0, Math.ceil((above + this.scroller.clientHeight) / row) + AROUND) * columns);
    const before = this.#shown;
    this.#shown = { columns, row, first, end };
    return before.columns !== columns || before.row !== row || before.first !== first || before.end !== end;
  }

  /** @param {boolean} anew whether cards that are there already may have to look different */
  #place(anew) {
    const { columns, row, first, end } = this.#shown;
    const list = this.find(".window-list");
    this.style.blockSize = `${Math.ceil(this.items.length / columns) * row}px`;
    for (const [name, value] of [["--columns", columns], ["--row", `${row}px`], ["--gap", `${this.gap}px`], ["--above", `${(first / columns) * row}px`]]) {
      list.style.setProperty(String(name), String(value));
    }
    this.#tidy(new Set(this.items.slice(first, end).map((/** @type {{id: string}} */ { id }) => id)));
    let here = list.firstChild;
    for (let index = first; index < end; index++) {
      const card = this.#cardOf(this.items[index], index, anew);
      if (card === here) here = card.nextSibling;
      else list.insertBefore(card, here);
    }
  }

  /** @param {Set<string>} near */
  #tidy(near) {
    for (const [id, card] of this.#cards) {
      if (near.has(id)) continue;
      card.remove();
      this.#cards.delete(id);
    }
  }

  /** @param {{id: string}} item @param {number} index @param {boolean} anew */
  #cardOf(item, index, anew) {
    const known = this.#cards.get(item.id);
    if (known && !anew) return known;
    const card = known ?? document.createElement("li");
    render(card, this.card(item));
    card.setAttribute("aria-posinset", String(index + 1));
    card.setAttribute("aria-setsize", String(this.items.length));
    this.#cards.set(item.id, card);
    return card;
  }

  /** Arrows lead from card to card. @param {KeyboardEvent} event */
  #key(event) {
    const { columns, first } = this.#shown;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    const focused = /** @type {Element} */ (event.target);
    const card = focused.closest(".window-list > li");
    if (!step || !card || focused.localName === "input") return;
    event.preventDefault();
    event.stopPropagation();
    this.#focus([.../** @type {Element} */ (card.parentElement).children].indexOf(card) + first + step);
  }

  /** Scrolls a card into view, and focuses it. @param {number} index */
  #focus(index) {
    if (index < 0 || index >= this.items.length) return;
    const { columns, row } = this.#shown;
    const top = this.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top + Math.floor(index / columns) * row;
    const { clientHeight } = this.scroller;
    if (top < 0) this.scroller.scrollTop += top - this.gap;
    else if (top + row > clientHeight) this.scroller.scrollTop += top + row - clientHeight + this.gap;
    if (this.#measure()) this.#place(false);
    /** @type {HTMLElement | null | undefined} */ (this.#cards.get(this.items[index].id)?.querySelector("a, button"))?.focus({ preventScroll: true });
  }
}

export function register() {
  define("kith-card-window", KithCardWindow);
}
