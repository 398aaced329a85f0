// @ts-check
/**
 * `<kith-selection-bar .app .selection .album>`: what can be done with the photos that are picked.
 * `album`: the hand-picked album one looks at, if it is one. Tells `removed` when photos left it.
 */
import { define, KithElement } from "../../core/element.js";
import { counted } from "../../core/format.js";
import { html } from "../../core/html.js";
import { icon } from "../../icons/icons.js";
import { addToAlbum } from "./add-to-album.js";

export class KithSelectionBar extends KithElement {
  static properties = { selection: null, album: null };

  view() {
    const ids = this.selection?.ids.value;
    if (!ids?.size) return null;
    return html`<div class="selection-bar" role="toolbar" aria-label="Selected photos">
      <button class="icon-button" type="button" aria-label="Drop the selection" @click=${() => this.selection.clear()}>${icon("close")}</button>
      <strong class="selection-count" role="status">${counted(ids.size, "photo")} selected</strong>
      ${this.app.mayEdit() ? this.#deeds([...ids]) : null}
    </div>`;
  }

  /** @param {string[]} ids */
  #deeds(ids) {
    const feature = this.album && ids.length === 1;
    return html`
      ${feature ? html`<button class="button" data-kind="plain" type="button" @click=${() => this.#feature(ids[0])}>${icon("cover")}<span>Feature photo</span></button>` : null}
      ${this.album?.kind === "picked" ? html`<button class="button" data-kind="plain" type="button" @click=${() => this.#remove(ids)}>${icon("close")}<span>Take out</span></button>` : null}
      <button class="button" data-kind="primary" type="button" @click=${() => this.#add(ids)}>${icon("album")}<span>Add to album</span></button>`;
  }

  /** @param {string[]} ids */
  async #add(ids) {
    if (await addToAlbum(this.app, ids)) this.selection.clear();
  }

  /** @param {string[]} ids */
  async #remove(ids) {
    if (!(await this.app.attempt(this.app.api.delete(`albums/${this.album.id}/photos`, { photo_ids: ids })))) return;
    const again = () => this.app.attempt(this.app.api.post(`albums/${this.album.id}/photos`, { photo_ids: ids })).then(this.app.live.touch);
    this.app.toasts.show({ text: `${counted(ids.length, "photo")} taken out of ${this.album.name}.`, action: { label: "Undo", run: again } });
    this.selection.clear();
    this.app.live.touch();
  }

  /** @param {string} id */
  async #feature(id) {
    if (!(await this.app.attempt(this.app.api.patch(`albums/${this.album.id}`, { feature_photo_id: id })))) return;
    this.app.toasts.show({ text: `${this.album.name} has a new feature photo.` });
    this.selection.clear();
    this.app.live.touch();
  }
}

export function register() {
  define("kith-selection-bar", KithSelectionBar);
}
