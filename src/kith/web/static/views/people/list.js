// @ts-check
/** The people that the view of everybody shows: the first at once, the others while one looks at those. */
import { counted } from "../../core/format.js";
import { signal } from "../../core/signals.js";

/** @typedef {import("../../components/merge-choice/merge-choice.js").Person} Person */

const FIRST = 300;
const MOST = 5000;

export class PeopleList {
  /** Changes with whatever is known: read it to follow. */
  version = signal(0);
  /** @type {{named: number, unnamed: number, hidden: number} | null} */
  counts = null;
  /** @type {Person[]} */
  named = [];
  /** @type {Person[]} */
  unnamed = [];
  /** @type {Person[]} */
  hidden = [];
  /** @type {any} */
  failure = null;
  #api;
  #asked = 0;

  /** @param {import("../../core/api.js").Api} api */
  constructor(api) {
    this.#api = api;
  }

  /**
   * Asks anew; what was asked before and is still under way is dropped.
   * @param {string} search @param {boolean} withHidden
   */
  async load(search, withHidden) {
    const asked = ++this.#asked;
    const stale = () => asked !== this.#asked;
    try {
      const hidden = withHidden ? this.#api.get("people", { show: "hidden", search, limit: MOST }) : { people: [] };
      let page = await this.#page(search, null);
      const people = [...page.people];
      if (stale()) return;
      this.hidden = (await hidden).people;
      this.#take(people, page.counts);
      while (page.next_cursor && !stale()) {
        page = await this.#page(search, page.next_cursor);
        people.push(...page.people);
        if (!stale()) this.#take(people, page.counts);
      }
    } catch (error) {
      if (stale()) return;
      this.failure = error;
      this.#changed();
    }
  }

  /** What was shown already is asked for at once, so that nothing jumps. @param {string} search @param {string | null} cursor */
  #page(search, cursor) {
    const known = this.named.length + this.unnamed.length;
    const limit = cursor ? MOST : Math.min(MOST, Math.max(FIRST, known));
    return this.#api.get("people", { search, cursor, limit });
  }

  /** @param {Person[]} people @param {{named: number, unnamed: number, hidden: number}} counts */
  #take(people, counts) {
    this.named = people.filter(({ name }) => name);
    this.unnamed = people.filter(({ name }) => !name);
    this.counts = counts;
    this.failure = null;
    this.#changed();
  }

  #changed() {
    this.version.value = this.version.peek() + 1;
  }

  /** @param {"named" | "unnamed" | "hidden"} kind */
  count(kind) {
    return Math.max(this.counts?.[kind] ?? 0, this[kind].length);
  }

  /** @param {number} place */
  at(place) {
    return this.named[place] ?? this.unnamed[place - this.named.length] ?? this.hidden[place - this.named.length - this.unnamed.length];
  }

  /** @param {string} id */
  placeOf(id) {
    return [...this.named, ...this.unnamed, ...this.hidden].findIndex((person) => person.id === id);
  }

  /** @param {string} id */
  find(id) {
    return this.at(this.placeOf(id));
  }
}

/**
 * Hides people, or shows them again; one Undo takes all of it back.
 * @param {import("../../core/app.js").App} app @param {string[]} ids @param {boolean} hidden
 */
export async function hidePeople(app, ids, hidden) {
  const changes = [];
  for (const id of ids) {
    const change = await app.attempt(app.api.patch(`people/${id}`, { hidden }));
    if (change) changes.push(change);
  }
  if (!changes.length) return;
  const text = changes.length === 1 ? changes[0].text : `${counted(changes.length, "person", "people")} ${hidden ? "hidden" : "shown again"}.`;
  await app.decide(Promise.resolve({ entries: changes.flatMap(({ entries }) => entries), text }));
}
