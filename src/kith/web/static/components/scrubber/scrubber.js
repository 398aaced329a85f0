// @ts-check
/**
 * `<kith-scrubber .marks .now>`: the years along the edge; dragging goes through time.
 * marks: [{ratio, month}] from the newest, `now`: the month in view. Tells `scrub` (detail: ratio 0…1).
 */
import { define, KithElement } from "../../core/element.js";
import { monthName } from "../../core/format.js";
import { html } from "../../core/html.js";
import { signal } from "../../core/signals.js";

/** @typedef {{ratio: number, month: string | null}} Mark */

/** Years closer to each other than this, in parts of the height, share one label. */
const APART = 0.034;
const STEP_KEYS = /** @type {Record<string, number>} */ ({ ArrowUp: -1, ArrowDown: 1, PageUp: -12, PageDown: 12 });

export class KithScrubber extends KithElement {
  static properties = { marks: [], now: null };

  /** Where the finger is, as a ratio; null: nobody drags. */
  #held = signal(/** @type {number | null} */ (null));

  view() {
    const at = this.#held.value ?? this.#ratioOf(this.now);
    const month = this.#held.value === null ? this.now : this.#monthAt(at);
    return html`<div class="scrubber" ?data-held=${this.#held.value !== null}
        @pointerdown=${(/** @type {PointerEvent} */ event) => this.#hold(event)} @pointermove=${(/** @type {PointerEvent} */ event) => this.#drag(event)}
        @pointerup=${() => this.#let()} @pointercancel=${() => this.#let()}>
      ${this.#years().map(({ year, ratio }) => html`<span class="scrubber-year" key="${year}" aria-hidden="true" .styles=${{ "--at": `${ratio * 100}%` }}>${year}</span>`)}
      <div class="scrubber-thumb" role="slider" tabindex="0" aria-label="Jump to a date" aria-orientation="vertical" aria-valuemin="0" aria-valuemax="100"
        aria-valuenow="${Math.round(at * 100)}" aria-valuetext="${monthName(month)}" .styles=${{ "--at": `${at * 100}%` }}
        @keydown=${(/** @type {KeyboardEvent} */ event) => this.#step(event)}><span class="scrubber-bubble">${monthName(month, true)}</span></div>
    </div>`;
  }

  #years() {
    /** @type {{year: string, ratio: number}[]} */
    const years = [];
    let before = "";
    for (const { month, ratio } of this.marks) {
      const year = month?.split("..").at(-1)?.slice(0, 4) ?? "—";
      if (year !== before && (!years.length || ratio - years[years.length - 1].ratio > APART)) years.push({ year, ratio });
      before = year;
    }
    return years;
  }

  /** @param {string | null} month */
  #ratioOf(month) {
    return this.marks.find((/** @type {Mark} */ mark) => mark.month === month)?.ratio ?? 0;
  }

  /** @param {number} ratio */
  #monthAt(ratio) {
    return this.marks.findLast((/** @type {Mark} */ mark) => mark.ratio <= ratio)?.month ?? this.now;
  }

  /** @param {PointerEvent} event */
  #hold(event) {
    if (event.button) return;
    this.find(".scrubber").setPointerCapture(event.pointerId);
    this.#goTo(event.clientY);
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (this.#held.peek() !== null) this.#goTo(event.clientY);
  }

  /** @param {number} y */
  #goTo(y) {
    const { top, height } = this.find(".scrubber").getBoundingClientRect();
    this.#held.value = Math.min(1, Math.max(0, (y - top) / height));
    this.emit("scrub", this.#held.value);
  }

  #let() {
    this.#held.value = null;
  }

  /** @param {KeyboardEvent} event */
  #step(event) {
    const step = STEP_KEYS[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const at = this.marks.findIndex((/** @type {Mark} */ mark) => mark.month === this.now);
    const next = this.marks[Math.min(this.marks.length - 1, Math.max(0, at + step))];
    if (next) this.emit("scrub", next.ratio);
  }
}

export function register() {
  define("kith-scrubber", KithScrubber);
}
