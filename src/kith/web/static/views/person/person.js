// @ts-check
/** `<kith-person .app .params>`: one person, and every photo of them, best first. */
import { register as registerAppearances } from "../../components/appearances/appearances.js";
import { register as registerDialog } from "../../components/dialog/dialog.js";
import { register as registerMenu } from "../../components/menu/menu.js";
import { register as registerNameField } from "../../components/name-field/name-field.js";
import { register as registerPickBar } from "../../components/pick-bar/pick-bar.js";
import { failed, register as registerState } from "../../components/state/state.js";
import { define, KithElement } from "../../core/element.js";
import { counted, plainDay, span } from "../../core/format.js";
import { html } from "../../core/html.js";
import { Selection } from "../../core/selection.js";
import { signal, untracked } from "../../core/signals.js";
import { icon } from "../../icons/icons.js";
import { hrefIn } from "../timeline/timeline.js";
import { askBirthDate, askConsent, askForget } from "./asking.js";
import { faceDeeds } from "./faces.js";

/**
 * @typedef {import("../../components/merge-choice/merge-choice.js").Person & {
 *   first_taken: string | null, last_taken: string | null, years: {year: number | null, photos: number}[],
 *   together: {person: {id: string, name: string | null, cover_url: string}, photos: number}[]}} Detail
 * @typedef {import("../../components/appearances/appearances.js").Appearance} Appearance
 */

const PAGE = 100;
const ORDERS = /** @type {const} */ ([["similarity", "Best first"], ["newest", "Newest"], ["oldest", "Oldest"]]);
const SHAPES = /** @type {const} */ ([["photos", "Photos"], ["faces", "Faces"]]);
const COMPANIONS = 12;

export class KithPerson extends KithElement {
  static properties = { params: {}, query: null };

  #detail = signal(/** @type {Detail | null} */ (null));
  #failure = signal(/** @type {any} */ (null));
  #pages = signal(/** @type {Appearance[][]} */ ([]));
  #cursor = signal(/** @type {string | null} */ (null));
  #shape = signal(/** @type {"photos" | "faces"} */ ("photos"));
  #order = signal(/** @type {string} */ ("similarity"));
  #year = signal(/** @type {string} */ (""));
  #selection = new Selection();
  #asked = 0;

  mounted() {
    this.whenever(() => {
      const { id } = this.params;
      void this.app.live.changes.value;
      if (this.app.library.value) untracked(() => this.#load(id));
    });
    this.whenever(() => {
      const [{ id }, order, year] = [this.params, this.#order.value, this.#year.value];
      void this.app.live.changes.value;
      if (this.app.library.value) untracked(() => this.#fill(id, order, year));
    });
    this.#watchEnd();
    this.untilGone(this.app.keys.add("Person", [
      { keys: ["x"], label: "Select the face", run: () => this.#pickFocused() },
      { keys: ["n"], label: "Change the name", run: () => (this.app.mayEdit() && this.#detail.peek() ? this.find("kith-name-field") && /** @type {any} */ (this.find("kith-name-field")).edit() : false) },
      { keys: ["Escape"], label: "Drop the selection", run: () => (this.#selection.size ? this.#selection.clear() : false) },
    ]));
  }

  #watchEnd() {
    const seen = new IntersectionObserver(([entry]) => entry.isIntersecting && void this.#more(), { rootMargin: "1200px" });
    seen.observe(this.find(".person-end"));
    this.untilGone(() => seen.disconnect());
  }

  #pickFocused() {
    const tile = /** @type {HTMLElement | null} */ (document.activeElement?.closest(".appearance") ?? this.querySelector(".appearance:hover"));
    if (!tile || !this.app.mayEdit()) return false;
    tile.querySelector("button")?.click();
    return undefined;
  }

  /** @param {string} id */
  async #load(id) {
    if (this.#detail.peek()?.id !== id) this.#leave();
    try {
      const detail = await this.app.api.get(`people/${id}`);
      if (this.params.id !== id) return;
      this.#detail.value = detail;
      this.#failure.value = null;
    } catch (error) {
      this.#failure.value = error;
    }
  }

  #leave() {
    this.#detail.value = null;
    this.#year.value = "";
    this.#selection.clear();
  }

  /** Loads as many as were there before, so that nothing jumps. @param {string} id @param {string} order @param {string} year */
  async #fill(id, order, year) {
    const asked = ++this.#asked;
    const known = Math.min(500, Math.max(PAGE, this.#pages.peek().flat().length));
    const answer = await this.#ask(id, { order, year, limit: known });
    if (!answer || asked !== this.#asked) return;
    this.#pages.value = [answer.appearances];
    this.#cursor.value = answer.next_cursor;
  }

  async #more() {
    const cursor = this.#cursor.peek();
    if (!cursor) return;
    const asked = this.#asked;
    this.#cursor.value = null;
    const answer = await this.#ask(this.params.id, { order: this.#order.peek(), year: this.#year.peek(), cursor, limit: PAGE });
    if (!answer || asked !== this.#asked) return;
    this.#pages.value = [...this.#pages.peek(), answer.appearances];
    this.#cursor.value = answer.next_cursor;
  }

  /** @param {string} id @param {Record<string, unknown>} query */
  #ask(id, query) {
    return this.app.api.get(`people/${id}/appearances`, query).catch(() => null);
  }

  view() {
    const person = this.#detail.value;
    const failure = this.#failure.value;
    return html`<div class="view person">
      ${person ? null : html`<h1 class="visually-hidden">Person</h1>`}
      ${failure ? failed(failure, () => this.#load(this.params.id), { what: "person", label: "Everybody", href: "people" }) : person ? this.#content(person)
        : html`<div class="skeleton person-head-skeleton" role="status" aria-label="Loading the person"></div>`}
      <div class="person-end"></div>
    </div>`;
  }

  /** @param {Detail} person */
  #content(person) {
    const mayEdit = this.app.mayEdit();
    const { id } = person;
    return html`
      ${this.#head(person)}
      ${person.together.length ? this.#together(person) : null}
      ${this.#years(person)}
      <div class="person-tools">
        <div class="tabs" role="group" aria-label="Show">${SHAPES.map(([shape, label]) => html`<button type="button" aria-pressed="${String(shape === this.#shape.value)}" @click=${() => { this.#shape.value = shape; }}>${label}</button>`)}</div>
        <div class="tabs" role="group" aria-label="Order">${ORDERS.map(([order, label]) => html`<button type="button" aria-pressed="${String(order === this.#order.value)}" @click=${() => { this.#order.value = order; }}>${label}</button>`)}</div>
      </div>
      <kith-appearances .app=${this.app} .pages=${this.#pages.value} .shape=${this.#shape.value} .selection=${mayEdit ? this.#selection : null}
        .label=${"Photos of this person"} .hrefOf=${hrefIn(`person:"${id}"`)}></kith-appearances>
      ${mayEdit ? html`<kith-pick-bar .selection=${this.#selection} .one=${"face"} .many=${"faces"} .deeds=${faceDeeds(this.app, person, this.#selection)}></kith-pick-bar>` : null}`;
  }

  /** @param {Detail} person */
  #head(person) {
    const { hidden, consent, born } = person;
    return html`<header class="person-head">
      <img class="person-cover" alt="" src="${this.app.api.picture(person.cover_url)}">
      <div class="person-title">
        <h1><kith-name-field .app=${this.app} .person=${person} .editable=${this.app.mayEdit()}></kith-name-field></h1>
        <p class="person-facts soft"><span>${[counted(person.photo_count, "photo"), span(person.first_taken, person.last_taken)].filter(Boolean).join(" · ")}</span>
          ${born ? html`<span class="person-mark">${icon("date")}Born ${plainDay(born)}</span>` : null}
          ${consent === null ? null : html`<span class="person-mark" ?data-bad=${!consent}>${icon(consent ? "check" : "lock")}${consent ? "Agreed to be recognized" : "Refused to be recognized"}</span>`}
          ${hidden ? html`<span class="person-mark">${icon("hide")}Hidden</span>` : null}</p>
      </div>
      ${this.app.mayEdit() ? html`<kith-menu .label=${"More for this person"} .items=${this.#deeds(person)}></kith-menu>` : null}
    </header>`;
  }

  /** @param {Detail} person */
  #deeds(person) {
    const { id, name, hidden } = person;
    return [
      { label: "Birth date", image: "date", run: () => askBirthDate(this.app, person) },
      { label: "Consent", image: "check", run: () => askConsent(this.app, person) },
      { label: hidden ? "Show again" : "Hide", image: hidden ? "eye" : "hide", run: () => this.app.decide(this.app.api.patch(`people/${id}`, { hidden: !hidden })) },
      { label: "Search in these photos", image: "search", run: () => this.app.router.go(`/?query=${encodeURIComponent(`person:"${name ?? id}"`)}`) },
      this.app.hasGuests() && { label: "Share by a link", image: "share", run: () => this.app.router.go(`/links?query=${encodeURIComponent(`person:"${id}"`)}&title=${encodeURIComponent(name ?? "Photos")}`) },
      this.app.isOwner() && { label: "Forget this person", image: "delete", bad: true, run: () => askForget(this.app, person) },
    ];
  }

  /** @param {Detail} person */
  #together({ together }) {
    return html`<section class="person-together" aria-labelledby="together-title"><h2 id="together-title">Seen together with</h2>
      <ul class="person-companions">${together.slice(0, COMPANIONS).map(({ person, photos }) => html`<li key="${person.id}"><a class="companion" href="people/${person.id}"
        aria-label="${person.name ?? "Someone without a name"}, together in ${counted(photos, "photo")}"><img alt="" loading="lazy" src="${this.app.api.picture(person.cover_url)}">
        ${person.name ? html`<span>${person.name}</span>` : null}<span class="soft number">${photos}</span></a></li>`)}</ul></section>`;
  }

  /** @param {Detail} person */
  #years({ years }) {
    if (years.length < 2) return null;
    const known = years.filter(({ year }) => year).toReversed();
    const most = Math.max(...known.map(({ photos }) => photos));
    return html`<div class="years" role="group" aria-label="Years">${[...known, ...years.filter(({ year }) => !year)].map(({ year, photos }) => {
      const value = String(year ?? "none");
      return html`<button class="year" type="button" key="${value}" aria-pressed="${String(this.#year.value === value)}" aria-label="${year ?? "No date"}, ${counted(photos, "photo")}" title="${counted(photos, "photo")}"
        .styles=${{ "--share": String(Math.min(1, photos / most)) }} @click=${() => { this.#year.value = this.#year.peek() === value ? "" : value; }}>${year ?? "No date"}</button>`;
    })}</div>`;
  }
}

export function register() {
  for (const each of [registerAppearances, registerDialog, registerMenu, registerNameField, registerPickBar, registerState]) each();
  define("kith-person", KithPerson);
}
