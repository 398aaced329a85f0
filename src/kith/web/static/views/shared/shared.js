// @ts-check
/** `<kith-shared .app .params .query>`: what a guest sees by a link. Nothing that a guest may not do is shown. */
import { register as registerAppearances } from "../../components/appearances/appearances.js";
import { register as registerGate } from "../../components/gate/gate.js";
import { register as registerGrid } from "../../components/photo-grid/photo-grid.js";
import { failed, register as registerState } from "../../components/state/state.js";
import { define, KithElement } from "../../core/element.js";
import { counted } from "../../core/format.js";
import { html } from "../../core/html.js";
import { shrunk } from "../../core/shrink.js";
import { computed, signal, untracked } from "../../core/signals.js";
import { icon, logo } from "../../icons/icons.js";
import { askPicture, register as registerFindMe } from "./find-me.js";

/**
 * @typedef {import("../../core/sequence.js").Photo} Photo
 * @typedef {{title: string, total: number | null, download: boolean, people: boolean, find_me: boolean, consent_text: string | null, locked: boolean, cover: Photo | null, cover_focus?: {x: number, y: number} | null}} Shared
 * @typedef {{id: string, name: string | null, photo_count: number, cover_url: string}} Person
 */

const PASSWORD = [{ name: "password", label: "Password", type: "password", autocomplete: "current-password" }];

export class KithShared extends KithElement {
  static properties = { params: {}, query: null };

  #shared = signal(/** @type {Shared | null} */ (null));
  #people = signal(/** @type {Person[]} */ ([]));
  #found = signal(/** @type {Photo[] | null} */ (null));
  #busy = signal(false);
  #failure = signal(/** @type {any} */ (null));
  #guests = computed(() => this.app.guests.of(this.params.token));
  #person = computed(() => this.query?.get("person") ?? "");

  mounted() {
    this.whenever(() => {
      void this.#guests.value;
      untracked(() => this.#load());
    });
    this.whenever(() => {
      const sequence = this.#guests.value.sequences.of(this.#person.value);
      if (this.#shared.value && !this.#shared.value.locked) void sequence.open();
    });
  }

  async #load() {
    const guests = this.#guests.value;
    try {
      const shared = await guests.get("");
      this.#shared.value = shared;
      this.#failure.value = null;
      if (shared.people && !shared.locked) this.#people.value = (await guests.get("people")).people;
    } catch (error) {
      this.#failure.value = error;
    }
  }

  view() {
    const shared = this.#shared.value;
    if (this.#failure.value) return this.#failed(this.#failure.value);
    if (!shared) return html`<div class="shared-cover skeleton" role="status" aria-label="Loading the photos"></div>`;
    if (shared.locked) return html`<kith-gate .heading=${shared.title} .text=${"These photos need a password."} .fields=${PASSWORD} .yes=${"Show the photos"} .send=${(/** @type {unknown} */ values) => this.#unlock(values)}></kith-gate>`;
    return html`
      ${this.#cover(shared)}
      ${this.#people.value.length && !this.#found.value ? this.#strip() : null}
      ${this.#found.value ? this.#mine(this.#found.value) : this.#photos(shared)}
      <footer class="shared-foot"><span aria-hidden="true">${logo()}</span><p class="soft small">Shared with Kith</p></footer>`;
  }

  /** @param {any} error */
  #failed(error) {
    if (error.status !== 404 && error.status !== 410) return failed(error, () => this.#load());
    return html`<h1 class="visually-hidden">Shared photos</h1><kith-state .image=${"link"} .heading=${"This link leads nowhere"} .text=${"It may have ended, or been taken back. Ask for another one where it came from."}></kith-state>`;
  }

  /** @param {unknown} values */
  async #unlock(values) {
    await this.#guests.value.post("unlock", values);
    await this.#load();
  }

  /** @param {Shared} shared */
  #cover({ title, total, cover, cover_focus: focus, find_me }) {
    const { picture } = this.app.api;
    const placeholder = cover?.placeholder ? `url("data:image/webp;base64,${cover.placeholder}")` : "none";
    return html`<header class="shared-cover" ?data-plain=${!cover} .styles=${{ "background-image": placeholder }}>
      ${cover ? html`<img alt="" fetchpriority="high" src="${picture(cover.urls.large)}" .styles=${focus ? { "object-position": `${towards(focus.x, 0.5)} ${towards(focus.y, 0.4)}` } : {}}>` : null}
      <div class="shared-title"><div><h1>${title}</h1><p>${counted(total ?? 0, "photo")}</p></div>
        ${find_me ? html`<button class="button shared-find" type="button" ?disabled=${this.#busy.value} @click=${() => this.#findMe()}>${icon("selfie")}${this.#busy.value ? "Looking" : "Find me"}</button>` : null}</div>
    </header>`;
  }

  #strip() {
    const chosen = this.#person.value;
    return html`<nav class="shared-people" aria-label="People in these photos"><ul>${this.#people.value.map(({ id, name, photo_count, cover_url }) => html`<li key="${id}">
      <a class="shared-person" href="${this.#place(id === chosen ? "" : id)}" ${id === chosen ? html`aria-current="true"` : null} aria-label="${name ?? "Someone"}, ${counted(photo_count, "photo")}">
        <img alt="" loading="lazy" src="${this.app.api.picture(cover_url)}"><span>${name ?? counted(photo_count, "photo")}</span></a></li>`)}</ul></nav>`;
  }

  /** @param {Shared} shared */
  #photos(shared) {
    const sequence = this.#guests.value.sequences.of(this.#person.value);
    void sequence.version.value;
    if (sequence.failure.value) return failed(sequence.failure.value, () => sequence.open());
    if (!shared.total) return html`<kith-state .image=${"photos"} .heading=${"No photos yet"} .text=${"They will appear here."}></kith-state>`;
    const chosen = this.#people.value.find(({ id }) => id === this.#person.value);
    return html`
      ${chosen ? html`<div class="shared-filter"><h2>${chosen.name ?? "Someone"} <span class="soft number">${counted(chosen.photo_count, "photo")}</span></h2><a class="button" href="${this.#place("")}">${icon("close")}All photos</a></div>` : null}
      <kith-photo-grid class="shared-grid" key="${this.#person.value}" .app=${this.app} .sequence=${sequence} .hrefOf=${(/** @type {Photo} */ photo) => this.#hrefOf(photo)}></kith-photo-grid>`;
  }

  /** @param {Photo[]} photos */
  #mine(photos) {
    return html`<div class="shared-filter"><div role="status"><h2>${photos.length ? `You are in ${counted(photos.length, "photo")}` : "You are in none of these photos"}</h2></div>
      <button class="button" type="button" @click=${() => { this.#found.value = null; }}>${icon("close")}All photos</button></div>
      ${photos.length ? html`<kith-appearances class="shared-grid" .app=${this.app} .pages=${[photos.map((photo) => ({ photo, face: null }))]} .label=${"Photos of you"} .hrefOf=${(/** @type {Photo} */ photo) => this.#hrefOf(photo)}></kith-appearances>`
        : html`<p class="shared-none soft">Another picture of you may help: from the front, in good light, without sunglasses.</p>`}`;
  }

  async #findMe() {
    const picture = await askPicture(this.#shared.peek()?.consent_text ?? "");
    if (!picture) return;
    const form = new FormData();
    form.set("picture", await shrunk(picture), "picture");
    form.set("consent", "true");
    this.#busy.value = true;
    const answer = await this.app.attempt(this.#guests.value.post("find", form));
    this.#busy.value = false;
    if (answer) this.#found.value = answer.photos;
  }

  /** @param {string} person */
  #place(person) {
    return this.app.router.href(this.#guests.peek().place(person));
  }

  /** @param {Photo} photo */
  #hrefOf({ id }) {
    return this.app.router.href(this.#guests.peek().place(this.#person.peek(), id));
  }
}

/**
 * Where the crop of a picture begins, so that a place in it comes near a part of what is shown: exact where half of the
 * picture is shown, and never beyond its edge.
 * @param {number} place in ratios, as the part
 * @param {number} part
 */
const towards = (place, part) => `${Math.min(1, Math.max(0, 2 * place - part)) * 100}%`;

export function register() {
  for (const each of [registerAppearances, registerFindMe, registerGate, registerGrid, registerState]) each();
  define("kith-shared", KithShared);
}
