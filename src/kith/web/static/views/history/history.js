// @ts-check
/** `<kith-history .app>`: everything that was said of people and faces, and taking any of it back. */
import { failed, register as registerState } from "../../components/state/state.js";
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";
import { signal, untracked } from "../../core/signals.js";
import { icon } from "../../icons/icons.js";

/** @typedef {{number: number, at: string, by: string, text: string, counts: boolean, undone_by: number | null, set_aside_by: number | null}} Entry */

const PAGE = 100;
const MOST = 500;
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

export class KithHistory extends KithElement {
  #entries = signal(/** @type {Entry[] | null} */ (null));
  #cursor = signal(/** @type {string | null} */ (null));
  #failure = signal(/** @type {any} */ (null));
  #asked = 0;

  mounted() {
    this.whenever(() => {
      void this.app.live.changes.value;
      if (this.app.library.value) untracked(() => this.#load());
    });
    const seen = new IntersectionObserver(([entry]) => entry.isIntersecting && void this.#more(), { rootMargin: "800px" });
    seen.observe(this.find(".history-end"));
    this.untilGone(() => seen.disconnect());
  }

  async #load() {
    const asked = ++this.#asked;
    try {
      const known = this.#entries.peek()?.length ?? 0;
      const answer = await this.app.api.get("history", { limit: Math.min(MOST, Math.max(PAGE, known)) });
      if (asked !== this.#asked) return;
      this.#entries.value = answer.entries;
      this.#cursor.value = answer.next_cursor;
      this.#failure.value = null;
    } catch (error) {
      this.#failure.value = error;
    }
  }

  async #more() {
    const cursor = this.#cursor.peek();
    if (!cursor) return;
    const asked = this.#asked;
    this.#cursor.value = null;
    const answer = await this.app.attempt(this.app.api.get("history", { cursor, limit: PAGE }));
    if (!answer || asked !== this.#asked) return;
    this.#entries.value = [...(this.#entries.peek() ?? []), ...answer.entries];
    this.#cursor.value = answer.next_cursor;
  }

  view() {
    return html`<div class="view history">
      <header class="view-head"><h1>History</h1></header>
      ${this.#failure.value ? failed(this.#failure.value, () => this.#load()) : this.#days()}
      <div class="history-end"></div>
    </div>`;
  }

  #days() {
    const entries = this.#entries.value;
    if (!entries) return html`<div class="history-list" role="status" aria-label="Loading the history">${Array.from({ length: 8 }, () => html`<div class="skeleton history-skeleton"></div>`)}</div>`;
    if (!entries.length) return html`<kith-state .image=${"history"} .heading=${"Nothing was said yet"} .text=${"Names, merges and everything else you decide are kept here, and each can be taken back."} .action=${{ label: "People", href: "people" }}></kith-state>`;
    return html`${byDay(entries).map(([day, some]) => html`<section class="history-day" key="${day}"><h2>${day}</h2>
      <ol class="history-list">${some.map((entry) => this.#entry(entry))}</ol></section>`)}`;
  }

  /** @param {Entry} entry */
  #entry({ number, at, by, text, counts, undone_by, set_aside_by }) {
    const sentence = `${text[0].toUpperCase()}${text.slice(1)}`;
    const state = counts ? "" : undone_by ? "Undone" : set_aside_by ? "Set aside" : "No effect";
    return html`<li class="history-entry" key="${number}" ?data-gone=${!counts}>
      <div><p class="history-text">${sentence}</p><p class="soft small number"><time datetime="${at}">${CLOCK.format(new Date(at))}</time> · ${by}${state ? html` · <span class="history-state">${state}</span>` : null}</p></div>
      ${counts && this.app.mayEdit() ? html`<button class="button" data-kind="plain" type="button" aria-label="Undo: ${sentence}" @click=${() => this.app.undo([number])}>${icon("undo")}Undo</button>` : null}
    </li>`;
  }
}

/** @param {Entry[]} entries @returns {[string, Entry[]][]} */
function byDay(entries) {
  /** @type {Map<string, Entry[]>} */
  const days = new Map();
  for (const entry of entries) {
    const day = DAY.format(new Date(entry.at));
    const known = days.get(day);
    if (known) known.push(entry);
    else days.set(day, [entry]);
  }
  return [...days];
}

export function register() {
  registerState();
  define("kith-history", KithHistory);
}
