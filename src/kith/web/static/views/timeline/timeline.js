// @ts-check
/** `<kith-timeline .app .query>`: every photo, or those that a query means, by the month they were taken. */
import { prompt } from "../../components/dialog/dialog.js";
import { register as registerGrid } from "../../components/photo-grid/photo-grid.js";
import { photoDeeds } from "../../components/pick-bar/photo-deeds.js";
import { register as registerPickBar } from "../../components/pick-bar/pick-bar.js";
import { register as registerQueryError } from "../../components/query-error/query-error.js";
import { register as registerScrubber } from "../../components/scrubber/scrubber.js";
import { failed, register as registerState } from "../../components/state/state.js";
import { define, KithElement } from "../../core/element.js";
import { counted } from "../../core/format.js";
import { html } from "../../core/html.js";
import { Selection } from "../../core/selection.js";
import { computed, signal } from "../../core/signals.js";
import { icon } from "../../icons/icons.js";

/** @typedef {import("../../components/photo-grid/layout.js").Block} Block */

export class KithTimeline extends KithElement {
  static properties = { query: null };

  #selection = new Selection();
  #marks = signal(/** @type {import("../../components/scrubber/scrubber.js").Mark[]} */ ([]));
  #now = signal(/** @type {string | null} */ (null));
  #sequence = computed(() => this.app.sequences.of(this.query?.get("query") ?? ""));

  mounted() {
    this.whenever(() => {
      void this.app.live.changes.value;
      if (this.app.library.value) void this.#sequence.value.open();
    });
    this.whenever(() => {
      if (this.query) this.#selection.clear();
    });
  }

  view() {
    const sequence = this.#sequence.value;
    void sequence.version.value;
    const failure = sequence.failure.value;
    if (failure) return this.#failed(sequence, failure);
    if (!sequence.ready) return skeleton();
    if (!sequence.total) return this.#empty(sequence.query);
    return html`
      ${sequence.query ? this.#found(sequence) : html`<h1 class="visually-hidden">Photos</h1>`}
      <kith-photo-grid class="timeline-grid" .app=${this.app} .sequence=${sequence} .selection=${this.#selection} .hrefOf=${hrefIn(sequence.query)}
        @laid-out=${(/** @type {CustomEvent} */ event) => this.#mark(event.detail)} @looked=${(/** @type {CustomEvent} */ event) => { this.#now.value = event.detail.month; }}></kith-photo-grid>
      ${this.#marks.value.length < 2 ? null : html`<div class="timeline-edge"><kith-scrubber .marks=${this.#marks.value} .now=${this.#now.value} @scrub=${(/** @type {CustomEvent} */ event) => this.#scrub(event.detail)}></kith-scrubber></div>`}
      <kith-pick-bar .selection=${this.#selection} .deeds=${photoDeeds(this.app, this.#selection)}></kith-pick-bar>`;
  }

  /** @param {import("../../core/sequence.js").Sequence} sequence */
  #found({ query, total }) {
    return html`<header class="view-head timeline-head">
      <div class="timeline-found"><h1>${counted(total, "photo")}</h1><p class="soft">${query}</p></div>
      ${this.app.mayEdit() ? html`<button class="button" type="button" @click=${() => this.#save(query)}>${icon("album")}Save as album</button>` : null}
    </header>`;
  }

  /** @param {string} query */
  async #save(query) {
    const name = await prompt({ heading: "Save as album", label: "Name", yes: "Save", value: "" });
    const album = name && (await this.app.attempt(this.app.api.post("albums", { name, query })));
    if (album) this.app.toasts.show({ text: `${album.name} is an album now.`, action: { label: "Show", run: () => this.app.router.go(`/albums/${album.id}`) } });
  }

  /** @param {import("../../core/sequence.js").Sequence} sequence @param {any} failure */
  #failed(sequence, failure) {
    if (failure.at === null || failure.at === undefined) return html`<h1 class="visually-hidden">Photos</h1>${failed(failure, () => sequence.open())}`;
    return html`<kith-query-error .query=${sequence.query} .error=${failure}></kith-query-error>`;
  }

  /** @param {string} query */
  #empty(query) {
    if (query) return html`<h1 class="visually-hidden">Photos</h1><kith-state .image=${"search"} .heading=${"No photo is like that"} .text=${`Nothing matches ${query}`} .action=${{ label: "All photos", href: "./" }}></kith-state>`;
    const text = this.app.mayEdit() ? "Drop photos or folders anywhere on this page, or let Kith look at a folder with kith add." : "There is nothing here yet.";
    return html`<h1 class="visually-hidden">Photos</h1><kith-state .image=${"photos"} .heading=${"No photos yet"} .text=${text}></kith-state>`;
  }

  /** @param {Block[]} blocks */
  #mark(blocks) {
    const last = blocks.at(-1);
    const height = Math.max(1, (last?.top ?? 0) + (last?.height ?? 0));
    this.#marks.value = blocks.map(({ month, top }) => ({ month: month.month, ratio: top / height }));
  }

  /** @param {number} ratio */
  #scrub(ratio) {
    const grid = /** @type {any} */ (this.find("kith-photo-grid"));
    grid.scroller.scrollTop = grid.offsetTop + ratio * grid.offsetHeight;
  }
}

/** Where photos lead from here: the photo, among those of the query. @param {string} query */
export function hrefIn(query) {
  const tail = query ? `?query=${encodeURIComponent(query)}` : "";
  return (/** @type {{id: string}} */ { id }) => `photos/${id}${tail}`;
}

function skeleton() {
  return html`<div class="timeline-skeleton" aria-busy="true" aria-label="Loading photos" role="status">${Array.from({ length: 24 }, () => html`<span class="skeleton"></span>`)}</div>`;
}

export function register() {
  for (const each of [registerGrid, registerPickBar, registerQueryError, registerScrubber, registerState]) each();
  define("kith-timeline", KithTimeline);
}
