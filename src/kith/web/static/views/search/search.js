// @ts-check
/** `<kith-search .app>`: a picture is dropped, chosen or taken, and the photos of whoever is in it come, best first. */
import { register as registerAppearances } from "../../components/appearances/appearances.js";
import { pictureChoice } from "../../components/picture-choice/picture-choice.js";
import { register as registerState } from "../../components/state/state.js";
import { define, KithElement } from "../../core/element.js";
import { counted, percent } from "../../core/format.js";
import { html } from "../../core/html.js";
import { shrunk } from "../../core/shrink.js";
import { signal } from "../../core/signals.js";
import { icon } from "../../icons/icons.js";

/**
 * @typedef {object} Found
 * @property {{left: number, top: number, width: number, height: number}} box
 * @property {string} crop
 * @property {{id: string, name: string | null} | null} person
 * @property {number} similarity
 * @property {import("../../components/appearances/appearances.js").Appearance[]} photos
 */

const LIMIT = 120;

export class KithSearch extends KithElement {
  #picture = signal(/** @type {string | null} */ (null));
  #answer = signal(/** @type {{faces: Found[], width: number, height: number} | null} */ (null));
  #chosen = signal(0);
  #busy = signal(false);
  #failure = signal(/** @type {any} */ (null));
  #over = signal(false);
  #asked = 0;

  mounted() {
    this.untilGone(takeDrops((over) => { this.#over.value = over; }, (file) => void this.#search(file)));
    const pasted = (/** @type {ClipboardEvent} */ event) => {
      const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith("image/"));
      if (file) void this.#search(file);
    };
    document.addEventListener("paste", pasted);
    this.untilGone(() => document.removeEventListener("paste", pasted));
    this.untilGone(() => this.#show(null));
    this.untilGone(this.app.keys.add("Find a face", [
      { keys: ["o"], label: "Choose a picture", run: () => this.find('input[name="picture"]')?.click() },
    ]));
  }

  /** @param {File | null} file */
  #show(file) {
    const before = this.#picture.peek();
    if (before) URL.revokeObjectURL(before);
    this.#picture.value = file && URL.createObjectURL(file);
  }

  /** @param {File} file */
  async #search(file) {
    const asked = ++this.#asked;
    this.#show(file);
    this.#answer.value = null;
    this.#failure.value = null;
    this.#busy.value = true;
    const form = new FormData();
    form.set("picture", await shrunk(file), "picture");
    form.set("limit", String(LIMIT));
    try {
      const answer = await this.app.api.post("search", form);
      if (asked !== this.#asked) return;
      this.#answer.value = answer;
      this.#chosen.value = 0;
    } catch (error) {
      if (asked === this.#asked) this.#failure.value = error;
    }
    if (asked === this.#asked) this.#busy.value = false;
  }

  view() {
    const picture = this.#picture.value;
    return html`<div class="view find" ?data-over=${this.#over.value}>
      <header class="view-head"><h1>Find a face</h1></header>
      ${picture ? this.#probe(picture) : this.#invitation()}
      ${picture ? this.#results() : null}
    </div>`;
  }

  #invitation() {
    return html`<section class="find-drop" aria-label="Choose a picture">
      <span class="find-image">${icon("selfie")}</span>
      <h2>Drop a picture of someone</h2>
      <p class="soft">Kith shows every photo of that person, the most similar first.</p>
      ${this.#choices()}
      <p class="soft small find-promise">${icon("lock")}The picture is used once and not kept.</p>
    </section>`;
  }

  #choices() {
    return pictureChoice((file) => void this.#search(file));
  }

  /** @param {string} picture */
  #probe(picture) {
    const answer = this.#answer.value;
    const faces = answer?.faces ?? [];
    return html`<section class="find-probe" aria-label="Your picture">
      <div class="find-frame" ?data-busy=${this.#busy.value}>
        <img class="find-picture" alt="The picture you search with" src="${picture}">
        ${faces.map(({ box }, index) => html`<button class="find-box" type="button" key="${index}" aria-label="Face ${index + 1}" aria-pressed="${String(index === this.#chosen.value)}"
          .styles=${{ "--left": part(box.left), "--top": part(box.top), "--width": part(box.width), "--height": part(box.height) }} @click=${() => { this.#chosen.value = index; }}></button>`)}
      </div>
      <div class="find-side">
        ${faces.length > 1 ? html`<h2>Which face?</h2><div class="find-faces" role="group" aria-label="Faces in your picture">${faces.map((face, index) => html`<button class="find-face" type="button" key="${index}" aria-pressed="${String(index === this.#chosen.value)}" aria-label="Face ${index + 1}${face.person?.name ? `, ${face.person.name}` : ""}" @click=${() => { this.#chosen.value = index; }}><img alt="" src="${face.crop}"></button>`)}</div>` : null}
        ${this.#choices()}
        <p class="soft small find-promise">${icon("lock")}The picture is used once and not kept.</p>
      </div>
    </section>`;
  }

  #results() {
    if (this.#failure.value) return html`<kith-state .image=${"warning"} .heading=${this.#failure.value.message} .text=${this.#failure.value.advice}></kith-state>`;
    const face = this.#answer.value?.faces[this.#chosen.value];
    if (this.#busy.value) return html`<p class="soft" role="status">Looking for this face</p>`;
    if (!face) return html`<kith-state .image=${"selfie"} .heading=${"No face in this picture"} .text=${"Try one where the face is larger, and in good light."}></kith-state>`;
    if (!face.photos.length) return html`<kith-state .image=${"selfie"} .heading=${"Nobody like that"} .text=${"No face in the library is similar enough."}></kith-state>`;
    return html`<section aria-labelledby="found-title">
      <header class="view-head find-head"><div class="find-title" role="status"><h2 id="found-title">${this.#who(face)}</h2></div>
        ${face.person ? html`<a class="button" href="people/${face.person.id}">${icon("person")}All photos of ${face.person.name ?? "this person"}</a>` : null}</header>
      <kith-appearances .app=${this.app} .pages=${[face.photos]} .label=${"Photos, the most similar first"} .hrefOf=${hrefOf}></kith-appearances>
    </section>`;
  }

  /** @param {Found} face */
  #who({ person, similarity, photos }) {
    const what = `${counted(photos.length, "photo")}${photos.length === LIMIT ? " or more" : ""}`;
    return person?.name ? `${person.name}, ${percent(similarity)} similar · ${what}` : `${what}, up to ${percent(similarity)} similar`;
  }
}

/** @param {{id: string}} photo */
const hrefOf = ({ id }) => `photos/${id}`;

/** @param {number} ratio */
const part = (ratio) => `${ratio * 100}%`;

/**
 * While this view is shown, a picture that is dropped is searched with and not uploaded. Listens until the
 * answer is called.
 * @param {(over: boolean) => void} tell @param {(file: File) => void} take
 */
function takeDrops(tell, take) {
  const listening = new AbortController();
  const held = (/** @type {DragEvent} */ event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    tell(event.type === "dragover" || event.type === "dragenter");
    const file = event.type === "drop" ? event.dataTransfer.files[0] : null;
    if (file) take(file);
  };
  for (const type of /** @type {const} */ (["dragenter", "dragover", "dragleave", "drop"])) {
    document.addEventListener(type, held, { capture: true, signal: listening.signal });
  }
  return () => listening.abort();
}

export function register() {
  registerAppearances();
  registerState();
  define("kith-search", KithSearch);
}
