// @ts-check
/** What is picked out of a row of things: one by one, or a range. */
import { signal } from "./signals.js";

export class Selection {
  /** The ids, in the order in which they were picked. */
  ids = signal(/** @type {ReadonlySet<string>} */ (new Set()));
  /** The place from which a range is drawn. */
  #anchor = -1;

  get size() {
    return this.ids.value.size;
  }

  /** @param {string} id */
  has(id) {
    return this.ids.value.has(id);
  }

  /** @param {string} id @param {number} index its place in the row */
  toggle(id, index) {
    const ids = new Set(this.ids.peek());
    if (!ids.delete(id)) ids.add(id);
    this.#anchor = index;
    this.ids.value = ids;
  }

  /**
   * Picks everything between the last one picked and this one.
   * @param {number} index
   * @param {(index: number) => string | undefined} idAt
   */
  reach(index, idAt) {
    const from = this.#anchor < 0 ? index : this.#anchor;
    const ids = new Set(this.ids.peek());
    for (let each = Math.min(from, index); each <= Math.max(from, index); each++) {
      const id = idAt(each);
      if (id) ids.add(id);
    }
    this.#anchor = index;
    this.ids.value = ids;
  }

  /** @param {Iterable<string>} ids */
  set(ids) {
    this.ids.value = new Set(ids);
  }

  clear() {
    this.#anchor = -1;
    this.ids.value = new Set();
  }
}
