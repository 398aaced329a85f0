// @ts-check
/** What happens on the server while one looks: jobs, and that the library has changed. */
import { signal } from "./signals.js";

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
 */
export function createLive(api, library) {
  const state = { events: /** @type {EventSource | null} */ (null) };
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

  return {
    changes,
    jobs,
    touch,
    note,
    /** Listens; whoever logs in anew begins anew. */
    start() {
      state.events?.close();
      const events = api.events();
      state.events = events;
      events.addEventListener("job", (event) => note(JSON.parse(event.data)));
      events.addEventListener("library", (event) => heard(JSON.parse(event.data)));
    },
  };
}
