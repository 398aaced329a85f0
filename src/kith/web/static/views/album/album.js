// @ts-check
/** `<kith-album .app .params>`: one album's photos. */
import { confirm, prompt, register as registerDialog } from "../../components/dialog/dialog.js";
import { register as registerMenu } from "../../components/menu/menu.js";
import { register as registerGrid } from "../../components/photo-grid/photo-grid.js";
import { photoDeeds } from "../../components/pick-bar/photo-deeds.js";
import { register as registerPickBar } from "../../components/pick-bar/pick-bar.js";
import { failed, register as registerState } from "../../components/state/state.js";
import { define, KithElement } from "../../core/element.js";
import { counted, span } from "../../core/format.js";
import { html } from "../../core/html.js";
import { Selection } from "../../core/selection.js";
import { signal, untracked } from "../../core/signals.js";
import { hrefIn } from "../timeline/timeline.js";

export class KithAlbum extends KithElement {
  static properties = { params: {} };

  #album = signal(/** @type {import("../albums/albums.js").Album | null} */ (null));
  #failure = signal(/** @type {any} */ (null));
  #selection = new Selection();

  mounted() {
    this.whenever(() => {
      const { id } = this.params;
      void this.app.live.changes.value;
      if (this.app.library.value) untracked(() => this.#load(id));
    });
  }

  /** @param {string} id */
  async #load(id) {
    if (this.#album.value?.id !== id) this.#album.value = null;
    try {
      const album = await this.app.api.get(`albums/${id}`);
      if (this.params.id !== id) return;
      await this.app.sequences.of(album.query).open();
      this.#album.value = album;
      this.#failure.value = null;
    } catch (error) {
      this.#failure.value = error;
    }
  }

  view() {
    if (this.#failure.value) return html`<h1 class="visually-hidden">Album</h1>${failed(this.#failure.value, () => this.#load(this.params.id), { what: "album", label: "All albums", href: "albums" })}`;
    const album = this.#album.value;
    if (!album) return html`<div class="view" role="status" aria-label="Loading the album"><span class="skeleton album-head-skeleton"></span></div>`;
    const sequence = this.app.sequences.of(album.query);
    void sequence.version.value;
    const selection = this.#selection;
    return html`
      <header class="album-head">
        <a class="album-back soft small" href="albums">Albums</a>
        <div class="view-head">
          <div class="album-title"><h1>${album.name}</h1>
            <p class="soft">${[counted(sequence.total, "photo"), span(album.first_taken, album.last_taken)].filter(Boolean).join(" · ")}</p></div>
          ${this.app.mayEdit() ? html`<kith-menu .label=${"More for this album"} .items=${this.#deeds(album)}></kith-menu>` : null}
        </div>
        ${album.rule ? html`<p class="album-rule">${album.rule}</p>` : null}
      </header>
      ${sequence.failure.value ? failed(sequence.failure.value, () => sequence.open()) : sequence.total
        ? html`<kith-photo-grid class="album-grid" .app=${this.app} .sequence=${sequence} .selection=${selection} .hrefOf=${hrefIn(album.query)}></kith-photo-grid>`
        : html`<kith-state .image=${"album"} .heading=${"Nothing in this album yet"} .text=${album.kind === "picked" ? "Select photos anywhere and choose Add to album." : "Its photos will appear here."} .action=${{ label: "All photos", href: "./" }}></kith-state>`}
      <kith-pick-bar .selection=${selection} .deeds=${photoDeeds(this.app, selection, album)}></kith-pick-bar>`;
  }

  /** @param {import("../albums/albums.js").Album} album */
  #deeds(album) {
    const own = album.kind !== "folder";
    return [
      own && { label: "Rename", image: "edit", run: () => this.#rename(album) },
      album.kind === "query" && { label: "Change the query", image: "search", run: () => this.#requery(album) },
      { label: "Search in this album", image: "search", run: () => this.app.router.go(`/?query=${encodeURIComponent(album.query)}`) },
      this.app.router.has("/links") && this.app.hasGuests() && { label: "Share by a link", image: "share", run: () => this.app.router.go(`/links?query=${encodeURIComponent(album.query)}&title=${encodeURIComponent(album.name)}`) },
      own && { label: "Delete the album", image: "delete", bad: true, run: () => this.#delete(album) },
    ];
  }

  /** @param {import("../albums/albums.js").Album} album */
  async #rename(album) {
    const name = await prompt({ heading: "Rename the album", label: "Name", yes: "Rename", value: album.name });
    if (name && name !== album.name) await this.#change(album, { name });
  }

  /** @param {import("../albums/albums.js").Album} album */
  async #requery(album) {
    const query = await prompt({ heading: "Change the query", label: "Query", yes: "Save", value: album.rule ?? "" });
    if (query && query !== album.rule) await this.#change(album, { query });
  }

  /** @param {{id: string}} album @param {Record<string, string>} news */
  async #change({ id }, news) {
    if (await this.app.attempt(this.app.api.patch(`albums/${id}`, news))) this.app.live.touch();
  }

  /** @param {{id: string, name: string}} album */
  async #delete({ id, name }) {
    const sure = await confirm({ heading: `Delete ${name}?`, text: "Its photos stay where they are.", yes: "Delete", bad: true });
    if (!sure || (await this.app.attempt(this.app.api.delete(`albums/${id}`).then(() => true))) === null) return;
    this.app.toasts.show({ text: `${name} was deleted.` });
    await this.app.router.go("/albums", { replace: true });
  }
}

export function register() {
  for (const each of [registerDialog, registerGrid, registerMenu, registerPickBar, registerState]) each();
  define("kith-album", KithAlbum);
}
