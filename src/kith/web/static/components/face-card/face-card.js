// @ts-check
/**
 * `<kith-face-card .app .face .beside>`: says who a face is, beside the face. `beside` is the face's element.
 * Tells `said` (detail: a Promise of a Change) for everything that is decided, and `closed`.
 */
import { define, KithElement } from "../../core/element.js";
import { percent } from "../../core/format.js";
import { html } from "../../core/html.js";
import { icon } from "../../icons/icons.js";
import { placeBeside } from "./beside.js";
import { namesOf, register as registerCombobox } from "../combobox/combobox.js";

/**
 * @typedef {object} Face
 * @property {string} id
 * @property {{left: number, top: number, width: number, height: number}} box
 * @property {string} crop_url
 * @property {{id: string, name: string | null} | null} person
 * @property {number | null} similarity
 * @property {boolean} confirmed
 * @property {string | null} standing
 */

export class KithFaceCard extends KithElement {
  static properties = { face: null, beside: null };

  mounted() {
    const grown = new ResizeObserver(() => this.#place());
    this.untilGone(() => grown.disconnect());
    this.whenever(() => {
      if (this.face) queueMicrotask(() => this.#arrive(grown));
    });
  }

  /** @param {ResizeObserver} grown */
  #arrive(grown) {
    const card = this.querySelector(".face-card");
    if (card) grown.observe(card);
    this.#place();
    // A finger that only wants to look is not met by a keyboard that covers half of the screen.
    const field = matchMedia("(hover: hover)").matches ? this.querySelector("input") : null;
    const first = field ?? this.querySelector("button");
    if (first instanceof HTMLElement) first.focus({ preventScroll: true });
  }

  #place() {
    const card = this.querySelector(".face-card");
    if (card instanceof HTMLElement && this.beside) placeBeside(card, this.beside);
  }

  view() {
    if (!this.face) return null;
    const { person, similarity, confirmed } = this.face;
    const mayEdit = this.app.mayEdit();
    return html`<div class="face-card" role="dialog" aria-label="${faceLabel(this.face)}" key="${this.face.id}" @keydown=${(/** @type {KeyboardEvent} */ event) => this.#escape(event)}>
      <div class="face-card-head"><img alt="" src="${this.app.api.picture(this.face.crop_url)}"><div><strong>${person?.name ?? faceLabel(this.face)}</strong>
        ${person?.name && similarity !== null ? html`<p class="soft small">${confirmed ? "Confirmed" : `${percent(similarity)} similar`}</p>` : null}</div>
        <button class="icon-button" type="button" aria-label="Close" @click=${() => this.emit("closed")}>${icon("close")}</button></div>
      ${mayEdit ? html`<kith-combobox .label=${"Name"} .value=${person?.name ?? ""} .placeholder=${"Who is this?"} .find=${namesOf(this.app)}
        @chosen=${(/** @type {CustomEvent} */ event) => this.#name(event.detail)}></kith-combobox>` : null}
      <div class="face-deeds">
        ${person ? html`<a class="face-deed" href="people/${person.id}">${icon("photos")}All photos of ${person.name ?? "this person"}</a>` : null}
        ${mayEdit ? this.#deeds() : null}
      </div>
    </div>`;
  }

  #deeds() {
    const { id, person, confirmed, standing } = /** @type {Face} */ (this.face);
    const faces = { face_ids: [id] };
    return html`
      ${person?.name && !confirmed ? this.#deed("check", `Yes, this is ${person.name}`, `people/${person.id}/confirm`, faces) : null}
      ${person ? this.#deed("close", `Not ${person.name ?? "this person"}`, `people/${person.id}/not`, faces) : null}
      ${standing === "stranger" ? null : this.#deed("stranger", "A stranger", "faces/strangers", faces)}
      ${standing === "not a face" ? null : this.#deed("hide", "Not a face", "faces/not-a-face", faces)}`;
  }

  /** @param {import("../../icons/icons.js").IconName} image @param {string} label @param {string} path @param {unknown} body */
  #deed(image, label, path, body) {
    return html`<button class="face-deed" type="button" @click=${() => this.emit("said", this.app.api.post(path, body))}>${icon(image)}${label}</button>`;
  }

  /** @param {{id: string | null, name: string}} chosen */
  #name({ id, name }) {
    this.emit("said", this.app.api.post("faces/assign", { face_ids: [this.face.id], ...(id ? { person_id: id } : { name }) }));
  }

  /** @param {KeyboardEvent} event */
  #escape(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.emit("closed");
  }
}

/** What a face is called. @param {Face} face */
export function faceLabel({ person, standing }) {
  if (person?.name) return person.name;
  return standing === "stranger" ? "A stranger" : standing === "not a face" ? "Not a face" : "Face without a name";
}

export function register() {
  registerCombobox();
  define("kith-face-card", KithFaceCard);
}
