// @ts-check
/** `<kith-keys .app>`: the keys of programs, whose secrets are shown once. */
import { ask, confirm } from "../../components/dialog/dialog.js";
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";
import { signal } from "../../core/signals.js";
import { icon } from "../../icons/icons.js";
import { askForm, register as registerForm } from "./form.js";

/** @typedef {{id: string, name: string, scopes: string[], created_at: string, last_used_at: string | null}} Key */

const SCOPES = /** @type {const} */ ([["read", "Read: looks at everything"], ["write", "Write: decides, uploads, albums"], ["admin", "Admin: everything, accounts too"]]);
const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

export class KithKeys extends KithElement {
  #keys = signal(/** @type {Key[]} */ ([]));

  mounted() {
    void this.#load();
  }

  async #load() {
    this.#keys.value = (await this.app.attempt(this.app.api.get("keys")))?.keys ?? [];
  }

  view() {
    const keys = this.#keys.value;
    return html`<section class="settings-section" aria-labelledby="keys-title"><header class="settings-head"><h2 id="keys-title">API keys</h2>
      <button class="button" type="button" @click=${() => this.#make()}>${icon("add")}Make a key</button></header>
      ${keys.length ? html`<ul class="settings-list">${keys.map(({ id, name, scopes, last_used_at }) => html`<li class="settings-row" key="${id}">
        <div><strong>${name}</strong><p class="soft small">${scopes.join(", ")} · ${last_used_at ? `last used on ${WHEN.format(new Date(last_used_at))}` : "not used yet"}</p></div>
        <button class="button" data-kind="plain" type="button" aria-label="Take the key ${name} back" @click=${() => this.#remove(id, name)}>${icon("delete")}Take back</button></li>`)}</ul>`
        : html`<p class="soft">A key lets a program use the API without a login.</p>`}</section>`;
  }

  async #make() {
    const made = await askForm({ heading: "Make a key", yes: "Make the key", fields: [
      { name: "name", label: "What is it for?" }, { name: "scope", label: "What may it do?", value: "read", choices: SCOPES },
    ], send: ({ name, scope }) => this.app.api.post("keys", { name, scopes: [scope] }) });
    if (!made) return;
    await this.#load();
    await ask({ heading: `The key ${made.name}`, content: (choose) => html`<p>Copy it now: it is not shown again.</p>
      <div class="settings-secret"><input class="field" readonly value="${made.secret}" aria-label="Key"><button class="button" data-kind="primary" type="button" autofocus @click=${() => choose(this.#copy(made.secret))}>Copy</button></div>` });
  }

  /** @param {string} secret */
  async #copy(secret) {
    const copied = await navigator.clipboard?.writeText(secret).then(() => true, () => false);
    this.app.toasts.show({ text: copied ? "The key is copied." : secret });
  }

  /** @param {string} id @param {string} name */
  async #remove(id, name) {
    const sure = await confirm({ heading: `Take the key ${name} back?`, text: "Programs that use it are refused from now on.", yes: "Take back", bad: true });
    if (sure && (await this.app.attempt(this.app.api.delete(`keys/${id}`).then(() => true)))) await this.#load();
  }
}

export function register() {
  registerForm();
  define("kith-keys", KithKeys);
}
