// @ts-check
/** `<kith-jobs .app>`: what Kith is doing, what it did, and which files could not become photos. */
import { prompt, register as registerDialog } from "../../components/dialog/dialog.js";
import { register as registerState } from "../../components/state/state.js";
import { define, KithElement } from "../../core/element.js";
import { number } from "../../core/format.js";
import { html } from "../../core/html.js";
import { signal, untracked } from "../../core/signals.js";
import { icon } from "../../icons/icons.js";

/** @typedef {import("../../core/live.js").Job} Job */

const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const STATES = { waiting: "Waiting", running: "Running", done: "Done", failed: "Failed", canceled: "Stopped" };

export class KithJobs extends KithElement {
  #loaded = signal(false);
  #problems = signal(/** @type {{path: string, reason: string, advice: string}[]} */ ([]));
  #cursor = signal(/** @type {string | null} */ (null));

  mounted() {
    this.whenever(() => {
      void this.app.live.changes.value;
      if (this.app.library.value) untracked(() => this.#load());
    });
  }

  /** Whether there are jobs at all. */
  get #works() {
    return this.app.library.value?.features?.jobs;
  }

  async #load() {
    const [jobs, problems] = await Promise.all([
      this.app.mayEdit() && this.#works ? this.app.attempt(this.app.api.get("jobs")) : null, this.app.attempt(this.app.api.get("problems", { limit: 50 })),
    ]);
    for (const job of jobs?.jobs.toReversed() ?? []) this.app.live.note(job);
    this.#problems.value = problems?.problems ?? [];
    this.#cursor.value = problems?.next_cursor ?? null;
    this.#loaded.value = true;
  }

  view() {
    const jobs = this.app.live.jobs.value;
    return html`<div class="view jobs">
      <header class="view-head"><h1>Jobs</h1>${this.app.isOwner() && this.#works ? html`<button class="button" type="button" @click=${() => this.#add()}>${icon("folder")}Add a folder</button>` : null}</header>
      ${jobs.length ? html`<ul class="job-list">${jobs.map((job) => this.#job(job))}</ul>`
        : this.#loaded.value ? html`<kith-state .image=${"jobs"} .heading=${"Nothing to do"} .text=${"Photos that are added or uploaded show up here while Kith looks at them."}></kith-state>`
        : html`<div class="skeleton job-skeleton" role="status" aria-label="Loading jobs"></div>`}
      ${this.#problems.value.length ? this.#refused() : null}
    </div>`;
  }

  /** @param {Job} job */
  #job(job) {
    const running = job.state === "running" || job.state === "waiting";
    return html`<li class="job" key="${job.id}" data-state="${job.state}">
      <div class="job-head"><h2>${job.title}</h2><span class="job-state">${STATES[job.state]}</span>
        ${running && this.app.mayEdit() ? html`<button class="button" data-kind="plain" type="button" @click=${() => this.#cancel(job)}>Stop</button>` : null}</div>
      ${running ? bar(job) : null}
      <p class="soft small number">${this.#facts(job)}</p>
    </li>`;
  }

  /** @param {Job} job */
  #facts({ state, done, total, detail, report, ended_at }) {
    const count = total ? `${number(done)} of ${number(total)}` : done ? number(done) : "";
    const said = Object.entries(report ?? {}).filter(([, value]) => typeof value === "number" && value > 0).map(([what, value]) => `${number(value)} ${what.replaceAll("_", " ")}`);
    const when = ended_at ? WHEN.format(new Date(ended_at)) : "";
    return (state === "done" ? [...said, when] : [count, detail, when]).filter(Boolean).join(" · ");
  }

  #refused() {
    const total = this.app.library.value?.problems ?? this.#problems.value.length;
    return html`<section class="refused" aria-labelledby="refused-title"><h2 id="refused-title">Files that could not become photos <span class="soft number">${number(total)}</span></h2>
      <ul>${this.#problems.value.map(({ path, reason, advice }) => html`<li><strong>${path}</strong><p class="soft small">${[reason, advice].filter(Boolean).join(". ")}</p></li>`)}</ul>
      ${this.#cursor.value ? html`<button class="button" type="button" @click=${() => this.#more()}>Show more</button>` : null}</section>`;
  }

  async #more() {
    const next = await this.app.attempt(this.app.api.get("problems", { cursor: this.#cursor.value, limit: 50 }));
    if (!next) return;
    this.#problems.value = [...this.#problems.value, ...next.problems];
    this.#cursor.value = next.next_cursor;
  }

  async #add() {
    const path = await prompt({ heading: "Add a folder", label: "Path of a folder on the machine Kith runs on", yes: "Add" });
    const job = path && (await this.app.attempt(this.app.api.post("jobs", { kind: "add", path })));
    if (job) this.app.live.note(job);
  }

  /** @param {Job} job */
  async #cancel({ id }) {
    const job = await this.app.attempt(this.app.api.post(`jobs/${id}/cancel`));
    if (job) this.app.live.note(job);
  }
}

/** @param {Job} job */
function bar({ title, done, total, state }) {
  if (state === "waiting" || !total) return html`<progress class="progress" aria-label="${title}"></progress>`;
  return html`<progress class="progress" max="${total}" value="${done}" aria-label="${title}"></progress>`;
}

export function register() {
  registerDialog();
  registerState();
  define("kith-jobs", KithJobs);
}
