// @ts-check
/**
 * `<kith-draw-face .app .photo>`: a frame is drawn around a face that was missed, then named.
 * Tells `drawn` (detail: a Promise of {face, change}) and `closed`.
 */
import { namesOf, register as registerCombobox } from "../../components/combobox/combobox.js";
import { placeBeside } from "../../components/face-card/beside.js";
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";
import { signal } from "../../core/signals.js";

/** @typedef {{left: number, top: number, width: number, height: number}} Box */

const SMALLEST = 0.01;
const STEP = 0.01;
const MIDDLE = { left: 0.4, top: 0.35, width: 0.2, height: 0.2 };
const MOVES = /** @type {Record<string, [number, number]>} */ ({
  ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP],
});

export class KithDrawFace extends KithElement {
  static properties = { photo: null };

  #box = signal(/** @type {Box | null} */ (null));
  #done = signal(false);
  /** @type {{x: number, y: number} | null} */
  #from = null;

  /** Follows the frame, also when the names below the field make it higher. */
  #grown = new ResizeObserver(() => this.#place());

  mounted() {
    this.find(".draw").focus({ preventScroll: true });
    this.untilGone(() => this.#grown.disconnect());
  }

  view() {
    const box = this.#box.value;
    return html`<div class="draw" role="application" tabindex="0" data-own-gestures aria-label="Draw a frame around the face: drag, or move it with the arrows, resize it with shift and the arrows, and press Enter"
        @pointerdown=${(/** @type {PointerEvent} */ event) => this.#begin(event)} @pointermove=${(/** @type {PointerEvent} */ event) => this.#drag(event)} @pointerup=${() => this.#end()}
        @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event)}>
      ${box ? html`<div class="draw-box" .styles=${styles(box)}></div>` : html`<p class="draw-hint">Drag a frame around the face</p>`}
      ${box && this.#done.value ? html`<div class="draw-card" popover="manual" @pointerdown=${(/** @type {Event} */ event) => event.stopPropagation()}>
        <kith-combobox .label=${"Name of the drawn face"} .placeholder=${"Who is this?"} .find=${namesOf(this.app)} @chosen=${(/** @type {CustomEvent} */ event) => this.#save(event.detail)}></kith-combobox>
        <div class="draw-deeds"><button class="button" data-kind="plain" type="button" @click=${() => this.emit("closed")}>Cancel</button>
        <button class="button" type="button" @click=${() => this.#save({ id: null, name: null })}>Without a name</button></div></div>` : null}
    </div>`;
  }

  /** @param {PointerEvent} event */
  #at(event) {
    const { left, top, width, height } = this.find(".draw").getBoundingClientRect();
    const within = (/** @type {number} */ ratio) => Math.min(1, Math.max(0, ratio));
    return { x: within((event.clientX - left) / width), y: within((event.clientY - top) / height) };
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    if (event.button) return;
    event.preventDefault();
    this.find(".draw").setPointerCapture(event.pointerId);
    this.#from = this.#at(event);
    this.#done.value = false;
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (!this.#from) return;
    const to = this.#at(event);
    this.#box.value = {
      left: Math.min(this.#from.x, to.x), top: Math.min(this.#from.y, to.y),
      width: Math.abs(to.x - this.#from.x), height: Math.abs(to.y - this.#from.y),
    };
  }

  #end() {
    this.#from = null;
    const box = this.#box.value;
    if (!box || box.width < SMALLEST || box.height < SMALLEST) this.#box.value = null;
    else this.#settle();
  }

  #settle() {
    this.#done.value = true;
    queueMicrotask(() => {
      const card = this.find(".draw-card");
      if (!card || card.matches(":popover-open")) return;
      card.showPopover();
      this.#grown.observe(card);
      this.#grown.observe(this.find(".draw"));
      // A finger has not asked for a keyboard that covers half of the screen.
      if (matchMedia("(hover: hover)").matches) card.querySelector("input").focus({ preventScroll: true });
      else void card.querySelector("kith-combobox").ask();
    });
  }

  #place() {
    const [card, box] = [this.find(".draw-card"), this.find(".draw-box")];
    if (card && box) placeBeside(card, box);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.target !== event.currentTarget) return;
    const box = this.#box.value ?? MIDDLE;
    const move = MOVES[event.key];
    if (move) this.#box.value = event.shiftKey ? sized(box, move) : moved(box, move);
    else if (event.key === "Enter" && this.#box.value) this.#settle();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {{id: string | null, name: string | null}} who */
  #save({ id, name }) {
    const body = { box: this.#box.value, ...(id ? { person_id: id } : name ? { name } : {}) };
    this.emit("drawn", this.app.api.post(`photos/${this.photo.id}/faces`, body));
  }
}

/** @param {Box} box @param {[number, number]} by */
function moved({ left, top, width, height }, [x, y]) {
  return { left: Math.min(1 - width, Math.max(0, left + x)), top: Math.min(1 - height, Math.max(0, top + y)), width, height };
}

/** @param {Box} box @param {[number, number]} by */
function sized({ left, top, width, height }, [x, y]) {
  return { left, top, width: Math.min(1 - left, Math.max(SMALLEST, width + x)), height: Math.min(1 - top, Math.max(SMALLEST, height + y)) };
}

/** @param {Box} box */
function styles({ left, top, width, height }) {
  const part = (/** @type {number} */ ratio) => `${ratio * 100}%`;
  return { "--left": part(left), "--top": part(top), "--width": part(width), "--height": part(height) };
}

export function register() {
  registerCombobox();
  define("kith-draw-face", KithDrawFace);
}
