// @ts-check
/** `<kith-photo-info .app .photo>`: when, where and with what a photo was taken, and what it shows. Tells `closed`. */
import { define, KithElement } from "../../core/element.js";
import { clock, day, percent, size } from "../../core/format.js";
import { html } from "../../core/html.js";
import { signal, untracked } from "../../core/signals.js";
import { icon } from "../../icons/icons.js";

export class KithPhotoInfo extends KithElement {
  static properties = { photo: null };

  #tags = signal(/** @type {Record<string, Record<string, string>> | null} */ (null));

  mounted() {
    this.whenever(() => {
      const id = this.photo?.id;
      this.#tags.value = null;
      if (id) untracked(() => this.#load(id));
    });
  }

  /** @param {string} id */
  async #load(id) {
    const answer = await this.app.api.get(`photos/${id}/exif`).catch(() => ({ tags: {} }));
    if (this.photo?.id === id) this.#tags.value = answer.tags;
  }

  view() {
    const { photo } = this;
    return html`<aside class="info" aria-label="Information">
      <header class="info-head"><h2>Information</h2><button class="icon-button" type="button" aria-label="Close the information" @click=${() => this.emit("closed")}>${icon("close")}</button></header>
      ${photo ? this.#facts(photo) : html`<div class="skeleton info-skeleton"></div>`}
    </aside>`;
  }

  /** @param {any} photo */
  #facts(photo) {
    const millions = (photo.width * photo.height) / 1e6;
    return html`<dl class="facts">
      ${fact("date", "Taken", photo.taken_at ? html`${day(photo.taken_at)}<span class="soft">${clock(photo.taken_at)}</span>` : "Nobody knows when")}
      ${photo.camera ? fact("camera", "Camera", photo.camera) : null}
      ${fact("file", "File", html`${photo.format}, ${size(photo.byte_size)}<span class="soft">${photo.width} × ${photo.height}, ${millions.toFixed(1)} megapixels</span>`)}
      ${photo.location ? fact("map", "Place", mapLink(photo.location)) : null}
      ${photo.labels?.length ? fact("tag", "Shows", labels(photo.labels)) : null}
      ${photo.text?.length ? fact("text", "Written in it", this.#written(photo.text)) : null}
      ${photo.places?.length ? fact("folder", "On disk", photo.places.map((/** @type {any} */ { path }) => html`<span class="path">${path}</span>`)) : null}
      ${photo.albums?.length ? fact("album", "Albums", photo.albums.map((/** @type {any} */ album) => html`<a class="info-link" href="albums/${album.id}">${album.name}</a>`)) : null}
    </dl>
    ${this.#exif()}`;
  }

  /** @param {string[]} lines */
  #written(lines) {
    return html`<ul class="written">${lines.map((line) => html`<li>${line}</li>`)}</ul>
      <button class="button written-copy" type="button" @click=${() => this.#copy(lines.join("\n"))}>${icon("copy")}Copy the text</button>`;
  }

  /** @param {string} text */
  async #copy(text) {
    const copied = await navigator.clipboard?.writeText(text).then(() => true, () => false);
    this.app.toasts.show(copied ? { text: "The text is copied." } : { text: "This browser lets no page copy here. Select the text instead.", tone: "bad" });
  }

  #exif() {
    const groups = Object.entries(this.#tags.value ?? {}).filter(([, tags]) => Object.keys(tags).length);
    if (!groups.length) return null;
    return html`<details class="exif"><summary>All EXIF tags</summary>${groups.map(([group, tags]) => html`<h3>${group}</h3>
      <dl>${Object.entries(tags).map(([tag, value]) => html`<div><dt>${tag}</dt><dd>${value}</dd></div>`)}</dl>`)}</details>`;
  }
}

/** What the photo shows, surest first; each leads to all photos that show it. @param {{name: string, confidence: number}[]} seen */
function labels(seen) {
  return html`<ul class="labels">${seen.map(({ name, confidence }) => html`<li key="${name}"><a class="label-chip" href="./?query=${encodeURIComponent(`label:"${name}"`)}" title="${percent(confidence)} sure">${name}</a></li>`)}</ul>`;
}

/** @param {import("../../icons/icons.js").IconName} image @param {string} label @param {unknown} content */
function fact(image, label, content) {
  return html`<div class="fact"><dt>${icon(image)}<span class="visually-hidden">${label}</span></dt><dd>${content}</dd></div>`;
}

/** @param {{latitude: number, longitude: number}} location */
function mapLink({ latitude, longitude }) {
  const [north, east] = [latitude.toFixed(5), longitude.toFixed(5)];
  const address = `https://www.openstreetmap.org/?mlat=${north}&mlon=${east}#map=15/${north}/${east}`;
  return html`<a class="info-link" href="${address}" target="_blank" rel="noreferrer noopener">${north}, ${east}<span class="visually-hidden"> on OpenStreetMap, in a new tab</span></a>
    <span class="soft">Opens OpenStreetMap</span>`;
}

export function register() {
  define("kith-photo-info", KithPhotoInfo);
}
