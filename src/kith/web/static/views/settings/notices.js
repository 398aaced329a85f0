// @ts-check
/** `<kith-notices .app>`: what is worth telling, through which channel. */
import { confirm } from "../../components/dialog/dialog.js";
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";
import { signal } from "../../core/signals.js";
import { icon } from "../../icons/icons.js";
import { askForm, register as registerForm } from "./form.js";

/**
 * @typedef {{id: string, name: string, tells: string, through: string, configured: boolean}} Rule
 * @typedef {{name: string, kind: string, usable: boolean}} Channel
 */

const WHAT = /** @type {const} */ ([
  ["people", "These people are in a photo"], ["unknown", "Somebody without a name is in a photo"], ["any", "Anybody is in a photo"], ["label", "A photo shows this"],
]);
const WHEN = /** @type {const} */ ([["", "At once"], ["hour", "Once an hour, together"], ["day", "Once a day, together"]]);
const KINDS = /** @type {Record<string, string>} */ ({ smtp: "Mail", webhook: "Webhook", sns: "Amazon SNS", log: "The server's log" });

export class KithNotices extends KithElement {
  #rules = signal(/** @type {Rule[]} */ ([]));
  #channels = signal(/** @type {Channel[] | null} */ (null));

  mounted() {
    void this.#load();
  }

  async #load() {
    const answer = await this.app.attempt(this.app.api.get("notices/rules"));
    this.#rules.value = answer?.rules ?? [];
    this.#channels.value = answer?.channels ?? [];
  }

  view() {
    const [rules, channels] = [this.#rules.value, this.#channels.value];
    if (!channels) return null;
    return html`<section class="settings-section" aria-labelledby="notices-title"><header class="settings-head"><h2 id="notices-title">Tell me when…</h2>
      ${channels.length ? html`<button class="button" type="button" @click=${() => this.#add(channels)}>${icon("add")}Add a rule</button>` : null}</header>
      ${rules.length ? html`<ul class="settings-list">${rules.map((rule) => this.#rule(rule))}</ul>`
        : html`<p class="soft">${channels.length ? "With a rule, Kith tells you of new photos as they come." : "Kith can tell you of new photos as they come: name a channel, such as your mail server, in its settings file."}</p>`}
      ${channels.length ? html`<h3 class="settings-sub" id="channels-title">Channels</h3><ul class="settings-list" aria-labelledby="channels-title">${channels.map((channel) => this.#channel(channel))}</ul>` : null}</section>`;
  }

  /** @param {Rule} rule */
  #rule({ id, name, tells, through, configured }) {
    return html`<li class="settings-row" key="${id}"><div><strong>${name}</strong><p class="soft small">${sentence(tells)}, through ${through}</p></div>
      ${configured ? html`<span class="soft small">In the settings file</span>`
        : html`<button class="button" data-kind="plain" type="button" aria-label="Remove the rule ${name}" @click=${() => this.#remove(id, name)}>${icon("delete")}Remove</button>`}</li>`;
  }

  /** @param {Channel} channel */
  #channel({ name, kind, usable }) {
    return html`<li class="settings-row" key="${name}"><div><strong>${name}</strong><p class="soft small">${KINDS[kind] ?? kind}${usable ? "" : ". This server lacks something that it needs"}</p></div>
      ${usable ? html`<button class="button" data-kind="plain" type="button" aria-label="Send a test message through ${name}" @click=${() => this.#try(name)}>${icon("bell")}Test</button>` : null}</li>`;
  }

  /** @param {Channel[]} channels */
  async #add(channels) {
    const usable = channels.filter((channel) => channel.usable);
    const made = await askForm({ heading: "Tell me when…", yes: "Add the rule", fields: [
      { name: "what", label: "When", choices: WHAT, value: "people" },
      { name: "which", label: "Who or what", optional: true, note: "Names, with commas between; or a label, such as dog." },
      { name: "digest", label: "How soon", choices: WHEN },
      { name: "quiet", label: "Not between", optional: true, note: "Such as 22:00-07:00." },
      { name: "channel", label: "Through", choices: usable.map(({ name, kind }) => /** @type {[string, string]} */ ([name, `${name} (${KINDS[kind] ?? kind})`])) },
    ], send: (values) => this.app.api.post("notices/rules", ruleOf(values)) });
    if (made) await this.#load();
  }

  /** @param {string} channel */
  async #try(channel) {
    const said = await this.app.attempt(this.app.api.post(`notices/channels/${encodeURIComponent(channel)}/test`));
    if (said) this.app.toasts.show({ text: said.answer ? `${channel} answered: ${said.answer}` : `A test message went through ${channel}.` });
  }

  /** @param {string} id @param {string} name */
  async #remove(id, name) {
    const sure = await confirm({ heading: `Remove the rule ${name}?`, text: "What it has not told yet is not told any more.", yes: "Remove", bad: true });
    if (sure && (await this.app.attempt(this.app.api.delete(`notices/rules/${id}`).then(() => true)))) await this.#load();
  }
}

/** The rule that a form describes. @param {Record<string, string>} values */
function ruleOf({ what, which, digest, quiet, channel }) {
  const names = which.split(",").map((name) => name.trim()).filter(Boolean);
  const told = what === "people" ? { people: names } : what === "label" ? { label: which.trim() } : { faces: what };
  const name = "faces" in told ? WHAT.find(([kind]) => kind === what)?.[1] : names.join(", ");
  return { name: name || "A rule", ...told, channels: [channel], ...(digest ? { digest } : {}), ...(quiet.trim() ? { quiet: quiet.trim() } : {}) };
}

/** @param {string} text */
const sentence = (text) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

export function register() {
  registerForm();
  define("kith-notices", KithNotices);
}
