// @ts-check
/** What happens on the server while one looks: jobs, and that the library has changed. */
import { signal } from "./signals.js";

/** How often the library is looked at where it tells nothing by itself. */
const LOOK_MS = 30_000;
/** Addresses of pictures that a store hands out end after half an hour at the earliest. */
const RENEWED_MS = 20 * 60_000;

/**
 * @typedef {object} Job
 * @property {string} id
 * @property {string} kind
 * @property {string} title
 * @property {"waiting" | "running" | "done" | "failed" | "canceled"} state
 * @property {number} done
 * @property {number | null} total
 * @property {string | null} detail
 * @property {any} report
 * @property {string | null} started_at
 * @property {string | null} ended_at
 */

/**
 * @param {import("./api.js").Api} api
 * @param {import("./signals.js").Signal<any>} library
 * @param {() => void} renew has what is kept of photos asked for anew
 */
export function createLive(api, library, renew) {
  const state = { events: /** @type {EventSource | null} */ (null), watch: 0, renewed: Date.now() };
  const changes = signal(0);
  const jobs = signal(/** @type {Job[]} */ ([]));

  /** Views that read `changes` load anew. */
  const touch = () => {
    changes.value = changes.peek() + 1;
  };

  /** @param {Job} job */
  function note(job) {
    const others = jobs.peek().filter(({ id }) => id !== job.id);
    jobs.value = [job, ...others].sort((one, other) => (other.started_at ?? "~").localeCompare(one.started_at ?? "~"));
  }

  /** @param {{edition: string}} news */
  async function heard(news) {
    if (news.edition === library.peek()?.edition) return;
    library.value = await api.get("library").catch(() => library.peek());
    touch();
  }

  /** Looks for news where nobody tells them, while somebody is there to see them. */
  async function look() {
    if (document.hidden) return;
    if (Date.now() - state.renewed > RENEWED_MS) {
      state.renewed = Date.now();
      renew();
      touch();
    }
    const now = await api.get("library").catch(() => null);
    if (!now || now.edition === library.peek()?.edition) return;
    library.value = now;
    touch();
  }

  function watch() {
    clearInterval(state.watch);
    state.watch = setInterval(look, LOOK_MS);
    document.addEventListener("visibilitychange", look);
  }

  return {
    changes,
    jobs,
    touch,
    note,
    /** Listens; whoever logs in anew begins anew. */
    start() {
      state.events?.close();
      if (library.peek()?.features?.jobs === false) return watch();
      const events = api.events();
      state.events = events;
      events.addEventListener("job", (event) => note(JSON.parse(event.data)));
      events.addEventListener("library", (event) => heard(JSON.parse(event.data)));
      return undefined;
    },
  };
}
