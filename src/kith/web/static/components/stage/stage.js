// @ts-check
/**
 * `<kith-stage .app .photo .before .after .overlay>`: one photo as large as fits, with its neighbors ready
 * on both sides. Two fingers, the wheel or a double tap zoom; a finger swipes to the neighbors.
 * `overlay` is markup that lies on the photo, in percent of it. Tells `step` (detail: -1 or 1),
 * `dismiss` for a swipe downward, and `tapped`.
 */
import { define, KithElement } from "../../core/element.js";
import { photoLabel } from "../../core/format.js";
import { html } from "../../core/html.js";
import { followGestures } from "./gestures.js";
import { fitted, View } from "./zoom.js";

/** @typedef {import("../../core/sequence.js").Photo} Photo */

export class KithStage extends KithElement {
  static properties = { photo: null, before: null, after: null, overlay: null, room: null };

  zoomed = new View();

  mounted() {
    const resized = new ResizeObserver(() => this.#measure());
    resized.observe(this);
    this.untilGone(() => resized.disconnect());
    this.untilGone(followGestures(this));
    this.whenever(() => {
      if (this.photo) this.#reset();
    });
  }

  #measure() {
    const { width, height } = this.getBoundingClientRect();
    Object.assign(this, { room: { width, height } });
    this.#reset();
  }

  #reset() {
    this.zoomed.reset();
    queueMicrotask(() => this.place());
  }

  /** Puts the photo where it was zoomed and moved to. */
  place() {
    const frame = this.querySelector('[data-place="0"] .stage-frame');
    if (!(frame instanceof HTMLElement)) return;
    const { scale, x, y } = this.zoomed;
    frame.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    frame.style.setProperty("--zoom", String(scale));
    this.toggleAttribute("data-zoomed", scale > 1);
  }

  /** The size of the photo as it is shown when it is not zoomed. */
  get fitted() {
    return fitted(this.photo, this.room ?? { width: 1, height: 1 });
  }

  view() {
    if (!this.room || !this.photo) return null;
    const slides = /** @type {[Photo | null, number][]} */ ([[this.before, -1], [this.photo, 0], [this.after, 1]]);
    return html`<div class="stage-track">${slides.map(([photo, place]) => photo && this.#slide(photo, place))}</div>`;
  }

  /** @param {Photo} photo @param {number} place */
  #slide(photo, place) {
    const { width, height } = fitted(photo, this.room);
    const { picture } = this.app.api;
    return html`<figure class="stage-slide" key="${photo.id}" data-place="${place}" ?inert=${place !== 0}>
      <div class="stage-frame" .styles=${{ "inline-size": `${width}px`, "block-size": `${height}px`, "background-image": behind(photo, picture(photo.urls.small)) }}>
        <img class="stage-picture" alt="${place ? "" : photoLabel(photo)}" src="${picture(photo.urls.large)}" draggable="false" decoding="async"
          fetchpriority="${place ? "low" : "high"}" @error=${(/** @type {Event} */ event) => shrink(event, picture(photo.urls.small))}>
        ${place ? null : this.overlay}
      </div>
    </figure>`;
  }
}

/** The small picture is mostly there already, and the blurred one at once. @param {Photo} photo @param {string} small */
function behind({ placeholder }, small) {
  return [`url("${small}")`, placeholder && `url("data:image/webp;base64,${placeholder}")`].filter(Boolean).join(", ");
}

/** @param {Event} event @param {string} small */
function shrink({ target }, small) {
  const image = /** @type {HTMLImageElement} */ (target);
  if (image.src !== small) image.src = small;
}

export function register() {
  define("kith-stage", KithStage);
}
