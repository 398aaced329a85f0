// @ts-check
/** `<kith-albums .app .query>`: all albums, each with its feature photo. */
import { ask, register as registerDialog } from "../../components/dialog/dialog.js";
import { failed, register as registerState } from "../../components/state/state.js";
import { define, KithElement } from "../../core/element.js";
import { counted, span } from "../../core/format.js";
import { html } from "../../core/html.js";
import { signal, untracked } from "../../core/signals.js";
import { icon } from "../../icons/icons.js";

/**
 * @typedef {object} Album
 * @property {string} id
 * @property {"folder" | "query" | "picked"} kind
 * @property {string} name
 * @property {string | null} path
 * @property {string} query lists its photos
 * @property {string | null} rule of an album of a query
 * @property {number} photo_count
 * @property {import("../../core/sequence.js").Photo | null} feature
 * @property {string | null} first_taken
 * @property {string | null} last_taken
 */

const KINDS = /** @type {const} */ ([["", "All"], ["folder", "Folders"], ["picked", "Picked"], ["query", "Queries"]]);
/** Albums far down are shown when they are scrolled to: thousands of folders are common. */
const PAGE = 120;

export class KithAlbums extends KithElement {
  static properties = { query: null };

  #albums = signal(/** @type {Album[] | null} */ (null));
  #failure = signal(/** @type {any} */ (null));
  #shown = signal(PAGE);

  mounted() {
    this.whenever(() => {
      void this.app.live.changes.value;
      if (this.app.library.value) untracked(() => this.#load());
    });
    const seen = new IntersectionObserver(([entry]) => {
      if (entry.isIntersecting) this.#shown.value += PAGE;
    }, { rootMargin: "800px" });
    seen.observe(this.find(".albums-end"));
    this.untilGone(() => seen.disconnect());
  }

  async #load() {
    try {
      this.#albums.value = (await this.app.api.get("albums")).albums;
      this.#failure.value = null;
    } catch (error) {
      this.#failure.value = error;
    }
  }

  view() {
    const kind = this.query?.get("kind") ?? "";
    return html`<div class="view">
      <header class="view-head albums-head"><h1>Albums</h1>
        <nav class="tabs" aria-label="Kinds of albums">${KINDS.map(([each, label]) => html`<a href="albums${each ? `?kind=${each}` : ""}" ${each === kind ? html`aria-current="true"` : null}>${label}</a>`)}</nav>
        ${this.app.mayEdit() ? html`<button class="button albums-new" type="button" @click=${() => this.#make()}>${icon("add")}<span>New album</span></button>` : null}
      </header>
      ${this.#failure.value ? failed(this.#failure.value, () => this.#load()) : this.#grid(kind)}
      <div class="albums-end"></div>
    </div>`;
  }

  /** @param {string} kind */
  #grid(kind) {
    const albums = this.#albums.value?.filter((album) => !kind || album.kind === kind);
    if (!albums) return html`<div class="albums" role="status" aria-label="Loading albums">${Array.from({ length: 12 }, () => html`<div class="album-card"><span class="album-cover skeleton"></span></div>`)}</div>`;
    if (!albums.length) return html`<kith-state .image=${"album"} .heading=${"No albums here yet"} .text=${"Every folder with photos is one. Select photos and add them to an album, or save a search as one."}></kith-state>`;
    return html`<ul class="albums">${albums.slice(0, this.#shown.value).map((album) => this.#card(album))}</ul>`;
  }

  /** @param {Album} album */
  #card({ id, name, kind, feature, photo_count, first_taken, last_taken }) {
    const image = kind === "folder" ? "folder" : kind === "query" ? "search" : "album";
    return html`<li key="${id}"><a class="album-card" href="albums/${id}">
      <span class="album-cover" .styles=${cover(feature)}>${feature ? html`<img alt="" loading="lazy" decoding="async" src="${this.app.api.picture(feature.urls.small)}">` : icon("album")}</span>
      <span class="album-name">${name}</span>
      <span class="album-facts soft">${icon(image)}<span>${counted(photo_count, "photo")}${first_taken ? ` · ${span(first_taken, last_taken)}` : ""}</span></span>
    </a></li>`;
  }

  async #make() {
    const asked = await ask({ heading: "New album", content: newAlbum });
    if (!asked) return;
    const album = await this.app.attempt(this.app.api.post("albums", asked.query ? asked : { name: asked.name, photo_ids: [] }));
    if (album) await this.app.router.go(`/albums/${album.id}`);
  }
}

/** @param {(answer: {name: string, query: string}) => void} choose */
function newAlbum(choose) {
  const done = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    choose({ name: String(form.get("name")).trim(), query: String(form.get("query")).trim() });
  };
  return html`<form class="album-form" @submit=${done}>
    <label class="label">Name<input class="field" name="name" required maxlength="200" autocomplete="off" autofocus></label>
    <label class="label">Query<input class="field" name="query" autocomplete="off" spellcheck="false" placeholder='person:"Ana" taken:2024'></label>
    <p class="soft small">With a query, the album holds what matches it, now and later. Without one, you add photos by hand.</p>
    <footer class="dialog-foot"><button class="button" data-kind="primary">Create</button></footer>
  </form>`;
}

/** @param {Album["feature"]} feature @returns {Record<string, string>} */
function cover(feature) {
  return feature?.placeholder ? { "background-image": `url("data:image/webp;base64,${feature.placeholder}")` } : {};
}

export function register() {
  registerDialog();
  registerState();
  define("kith-albums", KithAlbums);
}
