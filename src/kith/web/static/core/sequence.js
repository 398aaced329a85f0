// @ts-check
/**
 * The photos that a query means, newest first, of which only those near the view are loaded.
 *
 * The server says how many photos each month has; a month's photos come in pages when somebody looks
 * there, and months nobody has looked at for long are forgotten again. Months with few photos are put
 * together; what a query finds is mostly few photos: then all of them are one stretch.
 */
import { signal } from "./signals.js";

/**
 * @typedef {object} Photo
 * @property {string} id
 * @property {number} width
 * @property {number} height
 * @property {string | null} taken_at
 * @property {string | null} placeholder
 * @property {number} face_count
 * @property {{tiny?: string, small: string, large: string}} urls a site of files has none that are tiny
 */

/**
 * @typedef {object} Month
 * @property {string | null} month such as "2024-06", or "2023-11..2024-06"; null: no date; ALL: every month
 * @property {number} count how many photos it has
 * @property {number} start how many photos come before it
 * @property {Photo[]} photos those that are loaded, from the first
 * @property {string | null} cursor where the next page begins
 * @property {Promise<void> | null} loading
 * @property {boolean} stale whether the library has changed since
 * @property {number} seen when it was last looked at; a count, not a time
 */

/** The name of the one stretch of a short sequence. */
export const ALL = "all";

const PAGE = 500;
const KEPT_PHOTOS = 6_000;
const SHORT = 1000;
/** Months with fewer photos share a stretch with the next ones. */
const SPARSE = 18;
/** Pictures that cannot be had are asked for anew so seldom: they may be gone. */
const RENEWED_MS = 60_000;
/** The cursor behind the last page. */
const DONE = "";

export class Sequence {
  /**
   * @param {Pick<import("./api.js").Api, "get">} api
   * @param {string} query
   * @param {{ranges?: boolean}} [how] ranges: whether the server takes `taken:` in the query
   */
  constructor(api, query, { ranges = true } = {}) {
    this.query = query;
    this.ranges = ranges;
    /** Changes with whatever is known: read it to follow. */
    this.version = signal(0);
    /** @type {Month[]} */
    this.months = [];
    this.total = 0;
    this.failure = signal(/** @type {Error | null} */ (null));
    this.ready = false;
    this.edition = null;
    this.#api = api;
  }

  /** @type {Pick<import("./api.js").Api, "get">} */
  #api;
  #looks = 0;
  #renewed = 0;
  /** @type {Promise<void> | null} */
  #opening = null;

  /** Learns the months; again, it learns what has changed. */
  open() {
    this.#opening ??= this.#learn().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #learn() {
    try {
      const { total, months, edition } = await this.#api.get("timeline", { query: this.query });
      const short = (this.query || !this.ranges) && total <= SHORT;
      this.#take(total, short && total ? [{ month: ALL, photos: total }] : this.ranges ? together(months) : months, edition !== this.edition);
      this.edition = edition;
      this.failure.value = null;
    } catch (error) {
      this.failure.value = /** @type {Error} */ (error);
    }
  }

  /** @param {number} total @param {{month: string | null, photos: number}[]} months @param {boolean} stale */
  #take(total, months, stale) {
    const known = new Map(this.months.map((month) => [month.month, month]));
    let start = 0;
    this.months = months.map(({ month, photos: count }) => {
      const kept = known.get(month) ?? emptyMonth(month);
      kept.stale ||= (stale || kept.count !== count) && kept.photos.length > 0;
      [kept.start, kept.count] = [start, count];
      start += count;
      return kept;
    });
    this.total = total;
    this.ready = true;
    this.#changed();
  }

  /**
   * Loads a month, at least up to one of its photos.
   * @param {Month} month
   * @param {number} [upTo] how many of its photos are wanted
   */
  async want(month, upTo = 1) {
    month.seen = ++this.#looks;
    while (month.stale || (month.photos.length < Math.min(upTo, month.count) && month.cursor !== DONE)) {
      month.loading ??= (month.stale ? this.#refresh(month) : this.#more(month)).finally(() => {
        month.loading = null;
      });
      await month.loading;
    }
  }

  /** @param {Month} month */
  async #more(month) {
    const { photos, cursor } = await this.#page(month, month.cursor);
    this.#put(month, month.photos.concat(photos), cursor);
  }

  /** Loads anew what is there, and changes it at once. @param {Month} month */
  async #refresh(month) {
    month.stale = false;
    let [photos, cursor] = [/** @type {Photo[]} */ ([]), /** @type {string | null} */ (null)];
    do {
      const page = await this.#page(month, cursor);
      [photos, cursor] = [photos.concat(page.photos), page.cursor];
    } while (photos.length < month.photos.length && cursor !== DONE);
    this.#put(month, photos, cursor);
  }

  /** @param {Month} month @param {string | null} cursor @returns {Promise<{photos: Photo[], cursor: string}>} */
  async #page({ month }, cursor) {
    const range = month?.includes("..");
    const answer = await this.#api.get("photos", {
      query: range ? `${this.query} taken:${month}`.trim() : this.query,
      month: range || month === ALL ? null : month ?? "none",
      cursor, limit: PAGE, order: "newest",
    });
    return { photos: answer.photos, cursor: answer.next_cursor ?? DONE };
  }

  /** @param {Month} month @param {Photo[]} photos @param {string | null} cursor */
  #put(month, photos, cursor) {
    month.photos = photos;
    month.cursor = cursor;
    this.#forget();
    this.#changed();
  }

  /** Has photos asked for anew that are looked at: addresses of pictures end after a while. */
  renew() {
    if (Date.now() - this.#renewed < RENEWED_MS) return;
    this.#renewed = Date.now();
    for (const month of this.months) month.stale ||= month.photos.length > 0;
    this.#changed();
  }

  #forget() {
    let kept = this.months.reduce((sum, month) => sum + month.photos.length, 0);
    const oldest = this.months.filter((month) => month.photos.length && !month.loading);
    oldest.sort((one, other) => one.seen - other.seen);
    for (const month of oldest) {
      if (kept <= KEPT_PHOTOS || month.seen > this.#looks - 8) return;
      kept -= month.photos.length;
      month.photos = [];
      month.cursor = null;
    }
  }

  #changed() {
    this.version.value = this.version.peek() + 1;
  }

  /** The month in which the photo of that place in the sequence is. @param {number} index */
  monthAt(index) {
    let [low, high] = [0, this.months.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.months[middle].start <= index) low = middle;
      else high = middle - 1;
    }
    return this.months[low];
  }

  /** The photo at a place, if it is loaded. @param {number} index @returns {Photo | undefined} */
  peek(index) {
    const month = this.monthAt(index);
    return month?.photos[index - month.start];
  }

  /** The photo at a place. @param {number} index @returns {Promise<Photo | undefined>} */
  async at(index) {
    if (index < 0 || index >= this.total) return undefined;
    const month = this.monthAt(index);
    await this.want(month, index - month.start + 1);
    return month.photos[index - month.start];
  }

  /** Where a photo is among those that are loaded; -1 if it is not. @param {string} id */
  indexOf(id) {
    for (const month of this.months) {
      const index = month.photos.findIndex((photo) => photo.id === id);
      if (index >= 0) return month.start + index;
    }
    return -1;
  }

  /**
   * Where a photo is; loads its month.
   * @param {{id: string, taken_at: string | null}} photo
   */
  async find({ id, taken_at }) {
    if (!this.ready) await this.open();
    const known = this.indexOf(id);
    if (known >= 0) return known;
    const month = this.months.find((each) => holds(each.month, taken_at?.slice(0, 7) ?? null));
    if (!month) return -1;
    while (month.cursor !== DONE && !month.photos.some((photo) => photo.id === id)) {
      await this.want(month, month.photos.length + 1);
    }
    return this.indexOf(id);
  }
}

/**
 * Months as they are shown: those with few photos together. Newest first, as the server tells them.
 * @param {{month: string | null, photos: number}[]} months
 */
function together(months) {
  /** @type {{month: string | null, photos: number}[]} */
  const shown = [];
  for (const { month, photos } of months) {
    const last = shown[shown.length - 1];
    if (month && last?.month && photos + last.photos <= SPARSE) {
      shown[shown.length - 1] = { month: `${month}..${newest(last.month)}`, photos: last.photos + photos };
    } else shown.push({ month, photos });
  }
  return shown;
}

/** @param {string} month */
const newest = (month) => month.split("..").at(-1) ?? month;

/** Whether a stretch has the photos of a month. @param {string | null} stretch @param {string | null} month */
function holds(stretch, month) {
  if (stretch === ALL || stretch === month) return true;
  if (!stretch || !month) return false;
  return stretch.split("..")[0] <= month && month <= newest(stretch);
}

/** @param {string | null} month @returns {Month} */
function emptyMonth(month) {
  return { month, count: 0, start: 0, photos: [], cursor: null, loading: null, stale: false, seen: 0 };
}

const KEPT_SEQUENCES = 4;

/**
 * The sequences that were looked at last, so that going back finds them as they were.
 * @param {Pick<import("./api.js").Api, "get">} api
 * @param {{ranges?: boolean}} [how] as of a sequence
 */
export function createSequences(api, how) {
  /** @type {Map<string, Sequence>} */
  const kept = new Map();
  return {
    /** @param {string} query */
    of(query) {
      const sequence = kept.get(query) ?? new Sequence(api, query, how);
      kept.delete(query);
      kept.set(query, sequence);
      for (const old of [...kept.keys()].slice(0, -KEPT_SEQUENCES)) kept.delete(old);
      return sequence;
    },
    renew: () => kept.forEach((sequence) => sequence.renew()),
  };
}
