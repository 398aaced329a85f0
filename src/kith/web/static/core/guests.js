// @ts-check
/** What guests see by a link: the link's own part of the API, and its photos. */
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
    /** @param {string} token */
    of(token) {
      const guests = known.get(token) ?? guestsOf(api, token);
      known.set(token, guests);
      return guests;
    },
  };
}

/** @param {import("./api.js").Api} api @param {string} token */
function guestsOf(api, token) {
  const base = `shared/${encodeURIComponent(token)}`;
  /** @type {import("./api.js").Api["get"]} */
  const get = (path, { query: person, ...rest } = {}, signal) => api.get(path ? `${base}/${path}` : base, { ...rest, person }, signal);
  /** @param {string} path @param {unknown} body @returns {Promise<any>} */
  const post = (path, body) => api.post(`${base}/${path}`, body);
  return { get, post, sequences: createSequences({ get }, { ranges: false }) };
}
