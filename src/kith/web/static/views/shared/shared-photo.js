// @ts-check
/** `<kith-shared-photo .app .params .query>`: one photo of a link, or of a site of files, as a guest sees it. */
import { register as registerStage } from "../../components/stage/stage.js";
import { failed, register as registerState } from "../../components/state/state.js";
import { define, KithElement } from "../../core/element.js";
import { clock, day, shortDay } from "../../core/format.js";
import { html } from "../../core/html.js";
import { computed, signal, untracked } from "../../core/signals.js";
import { icon } from "../../icons/icons.js";
import { register as registerInfo } from "../photo/info.js";

/**
 * `format` is there where guests are told what the file says.
 * @typedef {import("../../core/sequence.js").Photo & {people: import("./shared.js").Person[] | null, download_url: string | null, format?: string}} Detail
 */

export class KithSharedPhoto extends KithElement {
  static properties = { params: {}, query: null };

  #detail = signal(/** @type {Detail | null} */ (null));
  #failure = signal(/** @type {any} */ (null));
  #place = signal(-1);
  #info = signal(false);
  #person = computed(() => this.query?.get("person") ?? "");
  #guests = computed(() => this.app.guests.of(this.params.token));
  #sequence = computed(() => this.#guests.value.sequences.of(this.#person.value));

  mounted() {
    this.whenever(() => {
      const { id } = this.params;
      untracked(() => this.#load(id));
    });
    this.untilGone(this.app.keys.add("Photo", [
      { keys: ["ArrowLeft"], label: "Photo before", run: () => void this.#step(-1) },
      { keys: ["ArrowRight"], label: "Photo after", run: () => void this.#step(1) },
      { keys: ["i"], label: "Information", run: () => this.find(".photo-about")?.click() },
      { keys: ["d"], label: "Download", run: () => this.find(".photo-download")?.click() },
      { keys: ["Escape"], label: "Close", run: () => this.#close() },
    ]));
    this.find(".photo").focus({ preventScroll: true });
  }

  /** @param {string} id */
  async #load(id) {
    const sequence = this.#sequence.value;
    this.#place.value = sequence.indexOf(id);
    this.#detail.value = null;
    try {
      const detail = await this.#guests.value.get(`photos/${id}`);
      if (this.params.id !== id) return;
      this.#detail.value = detail;
      this.#failure.value = null;
      const place = await sequence.find(detail);
      if (this.params.id !== id) return;
      this.#place.value = place;
      if (place >= 0) await Promise.all([sequence.at(place - 1), sequence.at(place + 1)]);
    } catch (error) {
      this.#failure.value = error;
    }
  }

  view() {
    const sequence = this.#sequence.value;
    void sequence.version.value;
    const place = this.#place.value;
    const detail = this.#detail.value;
    const photo = detail ?? (place >= 0 ? sequence.peek(place) : null);
    return html`<div class="photo" role="dialog" aria-modal="true" tabindex="-1" aria-label="Photo" ?data-info=${this.#info.value}>
      <header class="photo-top">
        <button class="icon-button photo-back" type="button" aria-label="Back" @click=${() => this.#close()}>${icon("back")}</button>
        <div class="photo-when">${photo?.taken_at ? html`<strong title="${day(photo.taken_at)}">${shortDay(photo.taken_at)}</strong> <span>${clock(photo.taken_at)}</span>` : null}</div>
        ${detail?.format ? html`<button class="icon-button photo-about" type="button" aria-label="Information" title="Information" aria-pressed="${String(this.#info.value)}" @click=${() => { this.#info.value = !this.#info.value; }}>${icon("info")}</button>` : null}
        ${detail?.download_url ? html`<a class="icon-button photo-download" href="${this.app.api.picture(detail.download_url)}" download data-outside="true" aria-label="Download" title="Download">${icon("download")}</a>` : null}
      </header>
      <div class="photo-room">
        ${this.#failure.value ? failed(this.#failure.value, () => this.#load(this.params.id), { what: "photo", label: "All photos", href: this.app.router.href(this.#guests.value.place("")) }) : this.#stage(photo, place)}
        ${place > 0 ? this.#arrow("back", "Photo before", -1) : null}
        ${place >= 0 && place < sequence.total - 1 ? this.#arrow("forward", "Photo after", 1) : null}
        ${detail?.people?.length ? this.#people(detail.people) : null}
      </div>
      ${this.#info.value ? html`<kith-photo-info class="photo-info" .app=${this.app} .photo=${detail} @closed=${() => { this.#info.value = false; }}></kith-photo-info>` : null}
    </div>`;
  }

  /** @param {any} photo @param {number} place */
  #stage(photo, place) {
    const sequence = this.#sequence.value;
    const neighbor = (/** @type {number} */ index) => (place >= 0 && index >= 0 && index < sequence.total ? sequence.peek(index) ?? null : null);
    return html`<kith-stage .app=${this.app} .photo=${photo} .before=${neighbor(place - 1)} .after=${neighbor(place + 1)}
      @step=${(/** @type {CustomEvent} */ event) => void this.#step(event.detail)} @dismiss=${() => this.#close()}></kith-stage>`;
  }

  /** @param {import("../../icons/icons.js").IconName} image @param {string} label @param {number} step */
  #arrow(image, label, step) {
    return html`<button class="photo-arrow" data-step="${step}" type="button" aria-label="${label}" @click=${() => this.#step(step)}><span>${icon(image)}</span></button>`;
  }

  /** @param {import("./shared.js").Person[]} people */
  #people(people) {
    return html`<div class="photo-people" role="group" aria-label="In this photo">${people.map(({ id, name, cover_url }) => html`<a class="chip" key="${id}" href="${this.app.router.href(this.#guests.value.place(id))}"
      aria-label="Photos of ${name ?? "this person"}"><img alt="" src="${this.app.api.picture(cover_url)}"><span>${name ?? "More of this person"}</span></a>`)}</div>`;
  }

  /** @param {number} step */
  async #step(step) {
    const { id } = this.params;
    const place = this.#place.value;
    const next = place < 0 ? undefined : await this.#sequence.value.at(place + step);
    if (next && this.isConnected && this.params.id === id) await this.app.router.go(this.#guests.value.place(this.#person.value, next.id), { replace: true });
  }

  #close() {
    this.app.router.close(this.#guests.value.place(this.#person.value));
  }
}

export function register() {
  registerInfo();
  registerStage();
  registerState();
  define("kith-shared-photo", KithSharedPhoto);
}
