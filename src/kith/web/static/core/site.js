// @ts-check
/**
 * The files of an album that `kith export --site` wrote, in the place of the API: what guests are answered, from files.
 *
 * Photos are numbered, the oldest is 0, so that a page of them stays as it is when newer ones are added.
 */
import { ApiError } from "./api.js";

/**
 * @typedef {{month: string | null, photos: number}} Month
 * @typedef {{total: number, edition: number, page_size: number, months: Month[]}} Album
 * @typedef {{person?: string, month?: string | null, cursor?: string | null, limit?: number}} Asked
 */

const KEPT_FILES = 24;

/** @param {string} folder where the files lie, below the page: "data/" @returns {import("./api.js").Api} */
export function createSite(folder) {
  const root = new URL(folder, document.baseURI);
  /** @type {Map<string, Promise<any>>} */
  const kept = new Map();

  /** What a file says; those that were read last are at hand. @param {string} name */
  function read(name) {
    const content = kept.get(name) ?? fetchFile(new URL(`${name}.json`, root));
    kept.delete(name);
    kept.set(name, content);
    content.catch(() => kept.delete(name));
    for (const old of [...kept.keys()].slice(0, -KEPT_FILES)) kept.delete(old);
    return content;
  }

  /** The numbers of photos in a month, or in all, newest first. @param {Album} album @param {Asked} asked @returns {Promise<number[]>} */
  async function numbersOf(album, { person, month = null }) {
    const [first, end] = month === null ? [0, album.total] : boundsOf(album, month === "none" ? null : month);
    if (!person) return Array.from({ length: end - first }, (_, index) => end - 1 - index);
    const { numbers } = await read(`people/${person}`);
    return numbers.filter((/** @type {number} */ number) => first <= number && number < end);
  }

  /** @param {Asked} asked */
  async function timeline({ person }) {
    const album = await read("album");
    if (!person) return album;
    const { numbers } = await read(`people/${person}`);
    const months = countsOf(album, numbers).filter(({ photos }) => photos);
    return { total: numbers.length, edition: album.edition, months };
  }

  /** @param {Asked} asked */
  async function photos(asked) {
    const album = await read("album");
    const numbers = await numbersOf(album, asked);
    const from = Number(asked.cursor ?? 0);
    const to = from + (asked.limit ?? 100);
    return {
      photos: await Promise.all(numbers.slice(from, to).map((number) => photoAt(album, number))),
      next_cursor: to < numbers.length ? String(to) : null,
    };
  }

  /** @param {Album} album @param {number} number */
  async function photoAt({ page_size }, number) {
    return (await read(`pages/${Math.floor(number / page_size)}`))[number % page_size];
  }

  /** @param {string} path @param {Asked} [asked] @returns {Promise<any>} */
  async function get(path, asked = {}) {
    const [what, id, part] = path.split("/");
    if (what === "timeline") return timeline(asked);
    if (what === "people") return read("people");
    if (what !== "photos") return read("album");
    if (!id) return photos(asked);
    const detail = await read(`photos/${id.slice(0, 2)}/${id}`);
    return part ? { tags: detail.tags ?? {} } : detail;
  }

  const refuse = () => Promise.reject(new ApiError(405, { title: "These are files, which nothing can be changed in." }));
  return {
    get,
    post: refuse, patch: refuse, delete: refuse,
    url: (path) => new URL(path, root),
    useCsrf() {},
    picture: (address) => (address ? new URL(address, document.baseURI).href : ""),
    events: () => { throw new ApiError(405, { title: "Files have no events." }); },
  };
}

/** @param {Album} album @param {string | null} wanted @returns {[number, number]} the first number of a month, and that behind its last */
function boundsOf({ total, months }, wanted) {
  let end = total;
  for (const { month, photos } of months) {
    if (month === wanted) return [end - photos, end];
    end -= photos;
  }
  return [0, 0];
}

/** How many of these photos each month has. @param {Album} album @param {number[]} numbers newest first @returns {Month[]} */
function countsOf({ total, months }, numbers) {
  let [at, end] = [0, total];
  return months.map(({ month, photos }) => {
    end -= photos;
    const before = at;
    while (at < numbers.length && numbers[at] >= end) at++;
    return { month, photos: at - before };
  });
}

/** @param {URL} url */
async function fetchFile(url) {
  const answer = await fetch(url).catch(() => {
    throw new ApiError(0, { title: "The photos cannot be reached." });
  });
  if (!answer.ok) throw new ApiError(answer.status, { title: `The host of these photos answered ${answer.status}.` });
  return answer.json();
}
