// @ts-check
/**
 * `<kith-appearances .app .pages .shape .hrefOf .selection .label>`: photos with a face each, in the order they come
 * in, as photos or as faces. `pages`: lists of {photo, face, similarity?}; a page that is there already is not
 * rendered again. `selection` holds ids of faces; null where nothing is picked.
 */
import { define, KithElement } from "../../core/element.js";
import { percent, photoLabel } from "../../core/format.js";
import { html } from "../../core/html.js";
import { icon } from "../../icons/icons.js";
import { pickByLongPress, pickMark } from "../pick/pick.js";

/** @typedef {{photo: import("../../core/sequence.js").Photo, face: import("../face-card/face-card.js").Face | null, similarity?: number}} Appearance */

const NARROWEST = 0.5;
const WIDEST = 2.4;

export class KithAppearances extends KithElement {
  static properties = { pages: [], shape: "photos", selection: null, label: "Photos", hrefOf: null };

  mounted() {
    this.untilGone(pickByLongPress(this, ".appearance", (tile) => this.#pick(tile, false)));
  }

  view() {
    const { shape, selection, hrefOf } = this;
    return html`<div class="appearances" role="list" data-shape="${shape}" aria-label="${this.label}" ?data-picking=${selection?.size > 0}
      @picked=${(/** @type {CustomEvent} */ { detail }) => this.#pick(this.find(`[data-face="${CSS.escape(detail.id)}"]`), detail.range)}>
      ${this.pages.map((/** @type {Appearance[]} */ items, /** @type {number} */ index) => html`<kith-appearance-page key="${index}" role="none" .app=${this.app} .items=${items} .shape=${shape} .selection=${selection} .hrefOf=${hrefOf}></kith-appearance-page>`)}
    </div>`;
  }

  /** @param {HTMLElement | null} tile @param {boolean} range */
  #pick(tile, range) {
    if (!this.selection || !tile?.dataset.face) return;
    const faces = this.pages.flat().map((/** @type {Appearance} */ { face }) => face?.id);
    const index = faces.indexOf(tile.dataset.face);
    if (range) this.selection.reach(index, (/** @type {number} */ each) => faces[each]);
    else this.selection.toggle(tile.dataset.face, index);
  }
}

export class KithAppearancePage extends KithElement {
  static properties = { items: [], shape: "photos", selection: null, hrefOf: null };

  mounted() {
    this.whenever(() => this.#mark(this.selection?.ids.value ?? new Set()));
  }

  /** What is picked is marked without rendering: there may be thousands. @param {ReadonlySet<string>} picked */
  #mark(picked) {
    for (const tile of this.querySelectorAll("[data-face]")) {
      const chosen = picked.has(/** @type {HTMLElement} */ (tile).dataset.face ?? "");
      tile.toggleAttribute("data-picked", chosen);
      tile.querySelector(".pick")?.setAttribute("aria-checked", String(chosen));
    }
  }

  view() {
    const picked = this.selection?.ids.peek() ?? new Set();
    return html`${this.items.map((/** @type {Appearance} */ item) => this.#tile(item, picked))}`;
  }

  /** @param {Appearance} item @param {ReadonlySet<string>} picked */
  #tile({ photo, face, similarity }, picked) {
    const likeness = similarity ?? face?.similarity ?? null;
    const chosen = Boolean(face && picked.has(face.id));
    const label = [photoLabel(photo), face?.confirmed ? "confirmed" : likeness === null ? "" : `${percent(likeness)} similar`].filter(Boolean).join(", ");
    const asFace = this.shape === "faces" && face;
    return html`<div class="appearance" role="listitem" key="${face?.id ?? photo.id}" data-face="${face?.id ?? ""}" data-photo="${photo.id}" ?data-picked=${chosen} .styles=${looks(photo, Boolean(asFace))}>
      <a class="appearance-link" href="${this.hrefOf(photo)}" aria-label="${label}" draggable="false" @click=${(/** @type {MouseEvent} */ event) => this.#clicked(event, face?.id)}>
        <img alt="" loading="lazy" decoding="async" draggable="false" src="${this.app.api.picture(asFace ? asFace.crop_url : photo.urls.small)}"></a>
      ${face && this.selection ? pickMark(label, chosen, (event) => this.emit("picked", { id: face.id, range: event.shiftKey })) : null}
      ${face?.confirmed ? html`<span class="appearance-note" aria-hidden="true" title="Confirmed">${icon("check")}</span>` : likeness === null ? null : html`<span class="appearance-note" aria-hidden="true">${percent(likeness)}</span>`}
    </div>`;
  }

  /** While faces are picked, a click on one picks it as well. @param {MouseEvent} event @param {string | undefined} id */
  #clicked(event, id) {
    if (!id || !this.selection?.size || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.emit("picked", { id, range: event.shiftKey });
  }
}

/** @param {import("../../core/sequence.js").Photo} photo @param {boolean} asFace @returns {Record<string, string>} */
function looks({ width, height, placeholder }, asFace) {
  const ratio = Math.min(WIDEST, Math.max(NARROWEST, width / height || 1));
  return { "--ratio": String(ratio), "background-image": placeholder && !asFace ? `url("data:image/webp;base64,${placeholder}")` : "none" };
}

export function register() {
  define("kith-appearance-page", KithAppearancePage);
  define("kith-appearances", KithAppearances);
}
