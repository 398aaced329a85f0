// @ts-check
/**
 * `<kith-card-window .items .card .label .least .gap .foot>`: equal cards in a grid, of which only those near the
 * view are in the document. A card is as high as it is wide, and `foot` pixels more; it is at least `least`
 * pixels wide. `card(item, index)` answers with a `<li>` that has a key.
 */
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";

/** How many rows are kept above and below the view. */
const AROUND = 4;
const NOTHING = { columns: 1, row: 1, first: 0, end: 0 };

export class KithCardWindow extends KithElement {
  static properties = { items: [], card: null, label: "", least: 144, gap: 16, foot: 64, shown: NOTHING };

  #frame = 0;

  mounted() {
    this.scroller = /** @type {HTMLElement} */ (this.closest("[data-scroller]"));
    const later = () => {
      this.#frame ||= requestAnimationFrame(() => {
        this.#frame = 0;
        this.#measure();
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
      if (this.items) this.#measure();
    });
  }

  #measure() {
    const { clientWidth: width, items, least, gap, foot } = this;
    if (!width) return;
    const columns = Math.max(1, Math.floor((width + gap) / (least + gap)));
    const row = (width - gap * (columns - 1)) / columns + foot;
    const above = this.scroller.getBoundingClientRect().top - this.getBoundingClientRect().top;
    const rows = Math.ceil(items.length / columns);
    const first = Math.min(rows, Math.max(0, Math.floor(above / row) - AROUND)) * columns;
    const end = Math.max(0, Math.ceil((above + this.scroller.clientHeight) / row) + AROUND) * columns;
    this.style.blockSize = `${rows * row}px`;
    const before = this.shown;
    const same = before.columns === columns && before.row === row && before.first === first && before.end === end;
    if (!same) this.shown = { columns, row, first, end };
  }

  view() {
    const { columns, row, first, end } = this.shown;
    return html`<ul class="window-list" aria-label="${this.label}" @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event)}
      .styles=${{ "--columns": String(columns), "--row": `${row}px`, "--gap": `${this.gap}px`, "--above": `${(first / columns) * row}px` }}>
      ${this.items.slice(first, end).map((/** @type {unknown} */ item, /** @type {number} */ index) => this.card(item, first + index))}
    </ul>`;
  }

  /** Arrows lead from card to card. @param {KeyboardEvent} event */
  async #key(event) {
    const { columns } = this.shown;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    const focused = /** @type {Element} */ (event.target);
    const card = focused.closest(".window-list > li");
    if (!step || !card || focused.localName === "input") return;
    event.preventDefault();
    event.stopPropagation();
    const index = [.../** @type {Element} */ (card.parentElement).children].indexOf(card) + this.shown.first + step;
    if (index < 0 || index >= this.items.length) return;
    const next = await this.reveal(index);
    /** @type {HTMLElement | null | undefined} */ (next?.querySelector("a, button"))?.focus({ preventScroll: true });
  }

  /**
   * Scrolls a card into view, and answers with it when it is there.
   * @param {number} index
   * @returns {Promise<Element | null>}
   */
  async reveal(index) {
    const { columns, row } = this.shown;
    const top = this.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top + Math.floor(index / columns) * row;
    const { clientHeight } = this.scroller;
    if (top < 0) this.scroller.scrollTop += top - this.gap;
    else if (top + row > clientHeight) this.scroller.scrollTop += top + row - clientHeight + this.gap;
    this.#measure();
    await Promise.resolve();
    return this.querySelector(".window-list")?.children[index - this.shown.first] ?? null;
  }
}

export function register() {
  define("kith-card-window", KithCardWindow);
}
