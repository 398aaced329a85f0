// @ts-check
/** What every view works with, as one value that is passed down as the property `app`. */
import { createApi } from "./api.js";
import { createGuests } from "./guests.js";
import { createHosted } from "./hosted.js";
import { createKeys } from "./keys.js";
import { createLive } from "./live.js";
import { createRouter } from "./router.js";
import { createSequences } from "./sequence.js";
import { signal } from "./signals.js";
import { createSite } from "./site.js";
import { createToasts } from "./toasts.js";

/**
 * @typedef {object} Library
 * @property {string} name
 * @property {string} edition
 * @property {number} photos
 * @property {number} people
 * @property {number} named_people
 * @property {number} problems
 * @property {"owner" | "editor" | "viewer"} role
 * @property {string | null} account
 * @property {boolean} login
 * @property {{rekognition: boolean, upload: boolean, jobs: boolean, accounts: boolean, guests: boolean}} features
 */

/** @typedef {{entries: number[], text: string, people?: any[], edition?: string}} Change */
/** @typedef {ReturnType<typeof createApp>} App */

const LOGIN_NEEDED = "urn:kith:login-needed";

/** @param {readonly import("./router.js").Route[]} routes @param {{api: string} | {site: string}} base where the API lies, or a site's files */
export function createApp(routes, base) {
  const library = signal(/** @type {Library | null} */ (null));
  const ofFiles = "site" in base;
  const router = createRouter(routes, { inHash: ofFiles });
  const hosted = createHosted();
  const api = ofFiles ? createSite(base.site) : createApi(base.api, { bearer: hosted.bearer, onUnauthorized: (error) => void (router.forGuests() || logIn(error)) });
  const toasts = createToasts();
  const sequences = createSequences(api);
  const live = createLive(api, library, sequences.renew);
  /** The entries of each change that was made on this page and stands: what one does at once may be several. @type {number[][]} */
  const made = [];

  /** Asks who one is, and comes back to where one was. @param {import("./api.js").ApiError} [refused] */
  function logIn(refused) {
    if (router.here().split("?")[0] === "/login") return undefined;
    const here = router.inside(router.here());
    // Kith itself says that a login is needed; whoever else does so stands before it, and has a login of his own.
    if (refused && refused.type !== LOGIN_NEEDED) return hosted.begin(here).catch(toasts.refuse);
    return router.go(here === "/" ? "/login" : `/login?next=${encodeURIComponent(here)}`, { replace: true });
  }

  /** Learns who is asking, and of which library. */
  async function enter() {
    if (ofFiles) return undefined;
    const next = await hosted.arrive();
    if (next) await router.go(next, { replace: true });
    const session = await api.get("session").catch(unlessUnknown);
    api.useCsrf(session?.csrf);
    if (!session || router.forGuests()) return undefined;
    if (session.setup) return router.go("/setup", { replace: true });
    if (session.login && !session.role) return logIn();
    library.value = await api.get("library");
    live.start();
    return undefined;
  }

  /**
   * Does something that the journal keeps, then says so and offers to undo it.
   * @param {Promise<Change>} doing
   * @returns {Promise<Change | null>} nothing if it was refused, which the user has been told
   */
  async function decide(doing) {
    const change = await attempt(doing);
    if (!change) return null;
    live.touch();
    if (change.entries?.length) {
      made.push(change.entries);
      toasts.show({ text: change.text, action: undoing(change.entries) });
    }
    return change;
  }

  /** @param {number[]} [entries] without: the last change of this page, or else of the library */
  async function undo(entries = made.at(-1)) {
    const at = made.findIndex((each) => each.some((entry) => entries?.includes(entry)));
    if (at >= 0) made.splice(at, 1);
    const change = await attempt(api.post("undo", entries ? { entries } : {}));
    if (!change) return;
    live.touch();
    toasts.show({ text: change.text });
  }

  /** @param {number[]} entries */
  const undoing = (entries) => ({ label: "Undo", run: () => undo(entries) });

  /**
   * Waits for something; what goes wrong becomes a toast.
   * @template T
   * @param {Promise<T>} doing
   * @returns {Promise<T | null>}
   */
  async function attempt(doing) {
    try {
      return await doing;
    } catch (error) {
      if (/** @type {Error} */ (error).name !== "AbortError") toasts.refuse(error);
      return null;
    }
  }

  return {
    api, attempt, decide, enter, hosted, library, live, router, sequences, toasts, undo,
    guests: createGuests(api),
    keys: createKeys(),
    /** What the page is called until it knows the library. */
    name: document.title,
    /** Whether the one who asks may change anything. */
    mayEdit: () => ["owner", "editor"].includes(library.value?.role ?? ""),
    /** Whether there can be links for guests at all. */
    hasGuests: () => library.value?.features?.guests !== false,
    isOwner: () => library.value?.role === "owner",
  };
}

/** Whoever is not known yet is led to log in, or is a guest. @param {unknown} error @returns {null} */
function unlessUnknown(error) {
  if (/** @type {any} */ (error).status !== 401) throw error;
  return null;
}
