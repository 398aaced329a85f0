// @ts-check
/**
 * `<kith-face-layer .faces .shown .open .editable>`: the faces of a photo as boxes with names, in percent of what
 * it lies on. `open`: the id of the face that is worked on. Tells `opened` (detail: id).
 */
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";
import { faceLabel } from "../face-card/face-card.js";

/** @typedef {import("../face-card/face-card.js").Face} Face */

export class KithFaceLayer extends KithElement {
  static properties = { faces: [], shown: false, open: null, editable: false };

  view() {
    return html`<div class="faces" ?data-shown=${this.shown}>${this.faces.map((/** @type {Face} */ face) => this.#face(face))}</div>`;
  }

  /** @param {Face} face */
  #face(face) {
    const { left, top, width, height } = face.box;
    const open = this.open === face.id;
    return html`<div class="face" key="${face.id}" data-face="${face.id}" ?data-open=${open} ?data-named=${Boolean(face.person?.name)}
        .styles=${{ "--left": part(left), "--top": part(top), "--width": part(width), "--height": part(height) }}>
      <button class="face-box" type="button" aria-label="${faceLabel(face)}" aria-haspopup="dialog" aria-expanded="${String(open)}" @click=${() => this.emit("opened", face.id)}></button>
      <span class="face-name" aria-hidden="true">${face.person?.name ?? face.standing ?? (this.editable ? "Add name" : "")}</span>
    </div>`;
  }
}

/** @param {number} ratio */
const part = (ratio) => `${ratio * 100}%`;

export function register() {
  define("kith-face-layer", KithFaceLayer);
}
