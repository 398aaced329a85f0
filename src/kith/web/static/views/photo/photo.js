// @ts-check
/** `<kith-photo .app .params .query>`: one photo, as large as the screen, with the people in it. */
import { faceLabel, register as registerFaceCard } from "../../components/face-card/face-card.js";
import { register as registerFaceLayer } from "../../components/face-layer/face-layer.js";
import { register as registerStage } from "../../components/stage/stage.js";
import { failed, register as registerState } from "../../components/state/state.js";
import { addToAlbum } from "../../components/add-to-album/add-to-album.js";
import { define, KithElement } from "../../core/element.js";
import { clock, day, shortDay } from "../../core/format.js";
import { html } from "../../core/html.js";
import { computed, signal, untracked } from "../../core/signals.js";
import { icon } from "../../icons/icons.js";
import { register as registerDraw } from "./draw.js";
import { register as registerInfo } from "./info.js";

export class KithPhoto extends KithElement {
  static properties = { params: {}, query: null };

  #detail = signal(/** @type {any} */ (null));
  #failure = signal(/** @type {any} */ (null));
  #place = signal(-1);
  #open = signal(/** @type {string | null} */ (null));
  #boxes = signal(false);
  #info = signal(false);
  #drawing = signal(false);
  #quiet = signal(false);
  #words = computed(() => this.query?.get("query") ?? "");
  #sequence = computed(() => this.app.sequences.of(this.#words.value));

  mounted() {
    this.whenever(() => {
      const { id } = this.params;
      void this.app.live.changes.value;
      if (this.app.library.value) untracked(() => this.#load(id));
    });
    this.untilGone(this.app.keys.add("Photo", this.#shortcuts()));
    this.find(".photo").focus({ preventScroll: true });
  }

  #shortcuts() {
    const edits = (/** @type {() => void} */ run) => () => (this.app.mayEdit() ? run() : false);
    return [
      { keys: ["ArrowLeft"], label: "Photo before", run: () => this.#step(-1) },
      { keys: ["ArrowRight"], label: "Photo after", run: () => this.#step(1) },
      { keys: ["Escape"], label: "Close", run: () => this.#escape() },
      { keys: ["i"], label: "Information", run: () => this.#toggle(this.#info) },
      { keys: ["f"], label: "Show the faces", run: () => this.#toggle(this.#boxes) },
      { keys: ["p"], label: "Draw a missed face", run: edits(() => this.#toggle(this.#drawing)) },
      { keys: ["s"], label: "Everyone else is a stranger", run: edits(() => this.#strangers()) },
      { keys: ["l"], label: "Add to an album", run: edits(() => void addToAlbum(this.app, [this.params.id])) },
      { keys: ["d"], label: "Download", run: () => this.find(".photo-download")?.click() },
      { keys: ["+", "="], label: "Closer", run: () => this.#zoom(1.5) },
      { keys: ["-"], label: "Farther", run: () => this.#zoom(1 / 1.5) },
      { keys: ["0"], label: "The whole photo", run: () => this.#zoom(0) },
    ];
  }

  /** @param {string} id */
  async #load(id) {
    if (this.#detail.peek()?.id !== id) this.#leave(id);
    try {
      const detail = await this.app.api.get(`photos/${id}`);
      if (this.params.id !== id) return;
      this.#detail.value = detail;
      this.#failure.value = null;
      await this.#locate(detail);
    } catch (error) {
      this.#failure.value = error;
    }
  }

  /** Shows at once what the sequence knows of the next photo. @param {string} id */
  #leave(id) {
    const sequence = this.#sequence.value;
    const place = sequence.indexOf(id);
    this.#open.value = null;
    this.#drawing.value = false;
    this.#place.value = place;
    this.#detail.value = null;
  }

  /** @param {any} detail */
  async #locate(detail) {
    const sequence = this.#sequence.value;
    const place = await sequence.find(detail);
    if (this.params.id !== detail.id) return;
    this.#place.value = place;
    if (place < 0) return;
    await Promise.all([sequence.at(place - 1), sequence.at(place + 1)]);
  }

  view() {
    const sequence = this.#sequence.value;
    void sequence.version.value;
    const place = this.#place.value;
    const detail = this.#detail.value;
    const photo = detail ?? (place >= 0 ? sequence.peek(place) : null);
    return html`<div class="photo" role="dialog" aria-modal="true" tabindex="-1" aria-label="Photo" ?data-info=${this.#info.value} ?data-quiet=${this.#quiet.value} ?data-drawing=${this.#drawing.value}>
      ${this.#top(photo, detail)}
      <div class="photo-room">
        ${this.#failure.value ? failed(this.#failure.value, () => this.#load(this.params.id), { what: "photo", label: "All photos", href: "./" }) : this.#stage(photo, detail, place)}
        ${this.#arrows(place, sequence.total)}
        ${detail && !this.#drawing.value ? this.#people(detail) : null}
      </div>
      ${this.#info.value ? html`<kith-photo-info class="photo-info" .app=${this.app} .photo=${detail} @closed=${() => { this.#info.value = false; }}></kith-photo-info>` : null}
      ${this.#card(detail)}
    </div>`;
  }

  /** @param {any} photo @param {any} detail */
  #top(photo, detail) {
    const tool = (/** @type {any} */ image, /** @type {string} */ label, /** @type {any} */ on) => html`<button class="icon-button" key="${image}" type="button" aria-label="${label}" title="${label}"
      aria-pressed="${String(on.value)}" @click=${() => this.#toggle(on)}>${icon(image)}</button>`;
    return html`<div class="photo-top" role="toolbar" aria-label="This photo">
      <button class="icon-button photo-back" key="back" type="button" aria-label="Back" @click=${() => this.#close()}>${icon("back")}</button>
      <div class="photo-when">${photo?.taken_at ? html`<strong title="${day(photo.taken_at)}">${shortDay(photo.taken_at)}</strong> <span>${clock(photo.taken_at)}</span>` : null}</div>
      ${detail && seen(detail.faces).length ? tool("boxes", "Show the faces", this.#boxes) : null}
      ${photo && this.app.mayEdit() ? tool("draw", "Draw a missed face", this.#drawing) : null}
      ${photo && this.app.mayEdit() ? html`<button class="icon-button" key="album" type="button" aria-label="Add to an album" title="Add to an album" @click=${() => addToAlbum(this.app, [this.params.id])}>${icon("album")}</button>` : null}
      ${detail?.urls.download ? html`<a class="icon-button photo-download" key="download" href="${this.app.api.picture(detail.urls.download)}" download data-outside="true" aria-label="Download" title="Download">${icon("download")}</a>` : null}
      ${photo ? tool("info", "Information", this.#info) : null}
    </div>`;
  }

  /** @param {any} photo @param {any} detail @param {number} place */
  #stage(photo, detail, place) {
    const sequence = this.#sequence.value;
    const neighbor = (/** @type {number} */ index) => (place >= 0 && index >= 0 && index < sequence.total ? sequence.peek(index) ?? null : null);
    return html`<kith-stage .app=${this.app} .photo=${photo} .before=${neighbor(place - 1)} .after=${neighbor(place + 1)} .overlay=${detail ? this.#overlay(detail) : null}
      @step=${(/** @type {CustomEvent} */ event) => this.#step(event.detail)} @dismiss=${() => this.#close()} @tapped=${() => this.#tapped()}></kith-stage>`;
  }

  /** @param {any} detail */
  #overlay(detail) {
    if (this.#drawing.value) return html`<kith-draw-face .app=${this.app} .photo=${detail} @drawn=${(/** @type {CustomEvent} */ event) => this.#drawn(event.detail)} @closed=${() => { this.#drawing.value = false; }}></kith-draw-face>`;
    return html`<kith-face-layer .faces=${seen(detail.faces)} .shown=${this.#boxes.value} .open=${this.#open.value} .editable=${this.app.mayEdit()}
      @opened=${(/** @type {CustomEvent} */ event) => { this.#open.value = event.detail; }}></kith-face-layer>`;
  }

  /** @param {number} place @param {number} total */
  #arrows(place, total) {
    const arrow = (/** @type {any} */ image, /** @type {string} */ label, /** @type {number} */ step) => html`<button class="photo-arrow" data-step="${step}" type="button" aria-label="${label}" @click=${() => this.#step(step)}><span>${icon(image)}</span></button>`;
    return html`${place > 0 ? arrow("back", "Photo before", -1) : null}${place >= 0 && place < total - 1 ? arrow("forward", "Photo after", 1) : null}`;
  }

  /** @param {any} detail */
  #people({ faces }) {
    const people = seen(faces);
    if (!people.length) return null;
    const unnamed = people.filter((/** @type {any} */ face) => !face.person?.name && !face.standing).length;
    return html`<div class="photo-people" role="group" aria-label="In this photo">
      ${people.map((/** @type {any} */ face) => html`<button class="chip" type="button" key="${face.id}" aria-expanded="${String(this.#open.value === face.id)}" ?data-unnamed=${!face.person?.name}
        @click=${() => { this.#open.value = face.id; }}><img alt="" src="${this.app.api.picture(face.crop_url)}"><span>${chipName(face, this.app.mayEdit())}</span></button>`)}
      ${unnamed && this.app.mayEdit() ? html`<button class="chip chip-plain" type="button" @click=${() => this.#strangers()}>${icon("stranger")}<span>${people.length > unnamed ? "Everyone else is a stranger" : "All strangers"}</span></button>` : null}
    </div>`;
  }

  /** @param {any} detail */
  #card(detail) {
    const face = detail?.faces.find((/** @type {any} */ { id }) => id === this.#open.value);
    if (!face) return null;
    return html`<kith-face-card .app=${this.app} .face=${face} .beside=${this.querySelector(`[data-face="${CSS.escape(face.id)}"]`)}
      @said=${(/** @type {CustomEvent} */ event) => this.#said(event.detail)} @closed=${() => this.#shut()}></kith-face-card>`;
  }

  /** @param {Promise<any>} doing */
  #said(doing) {
    this.#shut();
    void this.app.decide(doing);
  }

  #shut() {
    const face = this.#open.value;
    this.#open.value = null;
    const box = face && this.querySelector(`[data-face="${CSS.escape(face)}"] button`);
    if (box instanceof HTMLElement) box.focus({ preventScroll: true });
  }

  /** @param {Promise<any>} doing */
  async #drawn(doing) {
    this.#drawing.value = false;
    const answer = await this.app.attempt(doing);
    if (answer) await this.app.decide(Promise.resolve(answer.change ?? { entries: [], text: "" }));
  }

  #strangers() {
    void this.app.decide(this.app.api.post(`photos/${this.params.id}/strangers`));
  }

  /** @param {number} step */
  async #step(step) {
    const { id } = this.params;
    const place = this.#place.value;
    const next = place < 0 ? undefined : await this.#sequence.value.at(place + step);
    // Whoever has gone elsewhere while it was loaded is not called back.
    if (!next || !this.isConnected || this.params.id !== id) return;
    const tail = this.#words.value ? `?query=${encodeURIComponent(this.#words.value)}` : "";
    await this.app.router.go(`/photos/${next.id}${tail}`, { replace: true });
  }

  /** @param {import("../../core/signals.js").Signal<boolean>} what */
  #toggle(what) {
    what.value = !what.peek();
    this.#open.value = null;
  }

  #tapped() {
    if (this.#open.value) this.#open.value = null;
    else if (matchMedia("(hover: none)").matches) this.#quiet.value = !this.#quiet.value;
  }

  /** @param {number} factor 0: the whole photo */
  #zoom(factor) {
    const stage = /** @type {any} */ (this.find("kith-stage"));
    stage?.zoomed.zoom(factor, { x: 0, y: 0 }, stage.fitted, stage.room);
    stage?.place();
  }

  #escape() {
    const waiting = [this.#open, this.#drawing, this.#info].find((each) => each.value);
    if (waiting) waiting.value = typeof waiting.value === "string" ? null : /** @type {any} */ (false);
    else this.#close();
  }

  #close() {
    this.app.router.close(this.#words.value ? `/?query=${encodeURIComponent(this.#words.value)}` : "/");
  }
}

/** The faces that nobody said are none. @param {any[]} faces */
const seen = (faces) => faces.filter(({ standing }) => standing !== "not a face");

/** @param {any} face @param {boolean} editable */
function chipName(face, editable) {
  return face.person?.name ?? face.standing ?? (editable ? "Add name" : faceLabel(face));
}

export function register() {
  for (const each of [registerDraw, registerFaceCard, registerFaceLayer, registerInfo, registerStage, registerState]) each();
  define("kith-photo", KithPhoto);
}
