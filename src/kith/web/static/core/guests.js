// @ts-check
/** What guests see by a link: the link's own part of the API, and its photos. On a site of files, everybody is a guest. */
import { createSequences } from "./sequence.js";

/** @typedef {ReturnType<typeof guestsOf>} Guests */

/**
 * The links that were opened on this page; in their sequences, the query is the id of a person, or nothing.
 * @param {import("./api.js").Api} api
 */
export function createGuests(api) {
  /** @type {Map<string, Guests>} */
  const known = new Map();
  return {
    /** @param {string} [token] of the link; none on a site of files */
    of(token = "") {
      const guests = known.get(token) ?? guestsOf(api, token);
      known.set(token, guests);
      return guests;
    },
  };
}

/** @param {import("./api.js").Api} api @param {string} token */
function guestsOf(api, token) {
  const [base, page] = token ? [`shared/${encodeURIComponent(token)}`, `/s/${token}`] : ["", ""];
  /** @param {string} path */
  const below = (path) => [base, path].filter(Boolean).join("/");
  /** @type {import("./api.js").Api["get"]} */
  const get = (path, { query: person, ...rest } = {}, signal) => api.get(below(path), { ...rest, person }, signal);
  /** @param {string} path @param {unknown} body @returns {Promise<any>} */
  const post = (path, body) => api.post(below(path), body);
  /** The path of all photos or, where one is named, of those of a person; or of a single one among them. @param {string} person @param {string} [id] */
  function place(person, id) {
    const tail = person ? `?person=${encodeURIComponent(person)}` : "";
    return id ? `${page}/photos/${id}${tail}` : `${page || "/"}${tail}`;
  }
  return { get, post, place, sequences: createSequences({ get }, { ranges: false }) };
}
