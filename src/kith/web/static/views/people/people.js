// @ts-check
/** `<kith-people .app>`: everybody, faces first: who has a name, then who has none, by how often they appear. */
import { register as registerCardWindow } from "../../components/card-window/card-window.js";
import { askMerge, register as registerMergeChoice } from "../../components/merge-choice/merge-choice.js";
import { personCard, register as registerPersonCard } from "../../components/person-card/person-card.js";
import { register as registerPickBar } from "../../components/pick-bar/pick-bar.js";
import { pickByLongPress } from "../../components/pick/pick.js";
import { failed, register as registerState } from "../../components/state/state.js";
import { define, KithElement } from "../../core/element.js";
import { number } from "../../core/format.js";
import { html } from "../../core/html.js";
import { Selection } from "../../core/selection.js";
import { signal, untracked } from "../../core/signals.js";
import { icon } from "../../icons/icons.js";
import { hidePeople, PeopleList } from "./list.js";

/** @typedef {import("../../components/merge-choice/merge-choice.js").Person} Person */

const TYPING_MS = 120;
/** How large cards are, in pixels: those with a name, and those without. */
const CARDS = { named: { least: 136, phone: 100, gap: 20 }, unnamed: { least: 104, phone: 88, gap: 16 } };
const FOOT = 72;

export class KithPeople extends KithElement {
  #list = signal(/** @type {PeopleList | null} */ (null));
  #search = signal("");
  #hidden = signal(false);
  #selection = new Selection();
  #typing = 0;

  mounted() {
    const list = new PeopleList(this.app.api);
    this.#list.value = list;
    this.whenever(() => {
      void this.app.live.changes.value;
      const [search, hidden] = [this.#search.value, this.#hidden.value];
      if (this.app.library.value) untracked(() => list.load(search, hidden));
    });
    this.untilGone(this.app.keys.add("People", this.#shortcuts()));
    this.untilGone(pickByLongPress(this, "[data-person]", ({ dataset }) => this.app.mayEdit() && this.#pick(String(dataset.person), false)));
    this.untilGone(() => clearTimeout(this.#typing));
  }

  #shortcuts() {
    /** @param {(card: HTMLElement) => void} run */
    const onCard = (run) => () => {
      const card = /** @type {HTMLElement | null} */ (document.activeElement?.closest("[data-person]") ?? this.querySelector("[data-person]:hover"));
      return card && this.app.mayEdit() ? run(card) : false;
    };
    return [
      { keys: ["x"], label: "Select the person", run: onCard((card) => this.#pick(String(card.dataset.person), false)) },
      { keys: ["n"], label: "Name the person", run: onCard((card) => /** @type {any} */ (card.querySelector("kith-name-field")).edit()) },
      { keys: ["h"], label: "Hide the person", run: onCard((card) => this.#hide([String(card.dataset.person)])) },
      { keys: ["m"], label: "Merge the selected people", run: () => (this.#selection.size > 1 ? void this.#merge([...this.#selection.ids.peek()]) : false) },
      { keys: ["Escape"], label: "Drop the selection", run: () => (this.#selection.size ? this.#selection.clear() : false) },
    ];
  }

  view() {
    const list = this.#list.value;
    void list?.version.value;
    const mayEdit = this.app.mayEdit();
    return html`<div class="view people" ?data-picking=${this.#selection.size > 0} @pick=${(/** @type {CustomEvent} */ { detail }) => this.#pick(detail.id, detail.range)}>
      <header class="view-head"><h1>People</h1>
        <label class="people-search">${icon("search")}<input class="field" type="search" placeholder="Find a name" aria-label="Find a name" autocomplete="off" @input=${(/** @type {Event} */ event) => this.#typed(event)}></label>
        ${list?.counts?.hidden ? html`<button class="icon-button" type="button" aria-pressed="${String(this.#hidden.value)}" aria-label="Show hidden people" title="Show hidden people" @click=${() => { this.#hidden.value = !this.#hidden.value; }}>${icon(this.#hidden.value ? "eye" : "hide")}</button>` : null}
      </header>
      ${list?.failure ? failed(list.failure, () => list.load(this.#search.peek(), this.#hidden.peek())) : list?.counts ? this.#everybody(list) : waiting()}
      ${mayEdit ? html`<kith-pick-bar .selection=${this.#selection} .one=${"person"} .many=${"people"} .deeds=${this.#deeds()}></kith-pick-bar>` : null}
    </div>`;
  }

  /** @param {PeopleList} list */
  #everybody(list) {
    const { named, unnamed, hidden } = list;
    if (!named.length && !unnamed.length && !hidden.length) return this.#nobody();
    return html`
      ${named.length ? this.#section(list, "named", "", named) : null}
      ${unnamed.length ? this.#section(list, "unnamed", "Without a name", unnamed) : null}
      ${hidden.length ? this.#section(list, "hidden", "Hidden", hidden) : null}`;
  }

  #nobody() {
    if (this.#search.value) return html`<kith-state .image=${"search"} .heading=${"Nobody has that name"} .text=${`No name begins with ${this.#search.value}`}></kith-state>`;
    return html`<kith-state .image=${"people"} .heading=${"Nobody yet"} .text=${"People appear here when photos show the same face more than once."} .action=${{ label: "All photos", href: "./" }}></kith-state>`;
  }

  /** @param {PeopleList} list @param {"named" | "unnamed" | "hidden"} kind @param {string} heading @param {Person[]} people */
  #section(list, kind, heading, people) {
    const { least, phone, gap } = CARDS[kind === "named" ? "named" : "unnamed"];
    const small = matchMedia("(max-width: 719px)").matches;
    const title = heading || "With a name";
    return html`<section class="people-section" key="${kind}" aria-label="${title}" ?data-faint=${kind === "unnamed"} ?data-hidden=${kind === "hidden"}>
      ${heading ? html`<h2>${heading} <span class="soft number">${number(kind === "named" ? people.length : list.count(kind))}</span></h2>` : null}
      <kith-card-window .items=${people} .label=${title} .least=${small ? phone : least} .gap=${small ? 12 : gap} .foot=${FOOT} .card=${this.#cards()}></kith-card-window>
    </section>`;
  }

  #cards() {
    const ids = this.#selection.ids.value;
    return (/** @type {Person} */ person) => personCard(this.app, person, ids.has(person.id));
  }

  /** @param {string} id @param {boolean} range */
  #pick(id, range) {
    const place = this.#list.value?.placeOf(id) ?? -1;
    if (range) this.#selection.reach(place, (each) => this.#list.value?.at(each)?.id);
    else this.#selection.toggle(id, place);
  }

  #deeds() {
    const shown = [...this.#selection.ids.value].map((id) => this.#list.value?.find(id));
    const hidden = shown.length > 0 && shown.every((person) => person?.hidden);
    return [
      { label: "Different people", image: "split", least: 2, most: 2, run: (/** @type {string[]} */ ids) => this.#different(ids) },
      { label: hidden ? "Show again" : "Hide", image: hidden ? "eye" : "hide", run: (/** @type {string[]} */ ids) => this.#hide(ids) },
      { label: "Merge", image: "merge", least: 2, kind: "primary", run: (/** @type {string[]} */ ids) => this.#merge(ids) },
    ];
  }

  /** @param {string[]} ids */
  async #merge(ids) {
    const people = /** @type {Person[]} */ (ids.map((id) => this.#list.value?.find(id)).filter(Boolean));
    const merge = await askMerge(this.app, people);
    if (merge && (await this.app.decide(this.app.api.post("people/merge", merge)))) this.#selection.clear();
  }

  /** @param {string[]} ids */
  async #different([one, other]) {
    if (await this.app.decide(this.app.api.post("people/different", { one, other }))) this.#selection.clear();
  }

  /** @param {string[]} ids */
  #hide(ids) {
    const hidden = !ids.every((id) => this.#list.value?.find(id)?.hidden);
    this.#selection.clear();
    void hidePeople(this.app, ids, hidden);
  }

  /** @param {Event} event */
  #typed({ target }) {
    clearTimeout(this.#typing);
    const { value } = /** @type {HTMLInputElement} */ (target);
    this.#typing = window.setTimeout(() => {
      this.#search.value = value.trim();
    }, TYPING_MS);
  }
}

function waiting() {
  return html`<div class="people-waiting" role="status" aria-label="Loading people">${Array.from({ length: 18 }, () => html`<span class="skeleton"></span>`)}</div>`;
}

export function register() {
  for (const each of [registerCardWindow, registerMergeChoice, registerPersonCard, registerPickBar, registerState]) each();
  define("kith-people", KithPeople);
}
