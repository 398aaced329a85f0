// @ts-check
/** `<kith-accounts .app>`: who can log in, and what each may do. */
import { confirm } from "../../components/dialog/dialog.js";
import { register as registerMenu } from "../../components/menu/menu.js";
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";
import { SHORTEST_PASSWORD } from "../../core/limits.js";
import { signal } from "../../core/signals.js";
import { icon } from "../../icons/icons.js";
import { askForm, register as registerForm } from "./form.js";

/** @typedef {{id: string, name: string, role: "owner" | "editor" | "viewer", created_at: string}} Account */

const ROLES = /** @type {const} */ ([["viewer", "Viewer: looks at everything"], ["editor", "Editor: names, albums, uploads, links"], ["owner", "Owner: everything, accounts too"]]);
const NAMES = { owner: "Owner", editor: "Editor", viewer: "Viewer" };

export class KithAccounts extends KithElement {
  #accounts = signal(/** @type {Account[]} */ ([]));

  mounted() {
    void this.#load();
  }

  async #load() {
    this.#accounts.value = (await this.app.attempt(this.app.api.get("accounts")))?.accounts ?? [];
  }

  view() {
    const accounts = this.#accounts.value;
    return html`<section class="settings-section" aria-labelledby="accounts-title"><header class="settings-head"><h2 id="accounts-title">Accounts</h2>
      <button class="button" type="button" @click=${() => this.#add()}>${icon("add")}Add an account</button></header>
      ${accounts.length ? html`<ul class="settings-list">${accounts.map((account) => this.#row(account))}</ul>` : html`<p class="soft">Nobody needs to log in on this machine. Accounts are for those who come from elsewhere.</p>`}</section>`;
  }

  /** @param {Account} account */
  #row(account) {
    const { id, name, role } = account;
    return html`<li class="settings-row" key="${id}"><div><strong>${name}</strong><p class="soft small">${NAMES[role]}</p></div>
      <kith-menu .label=${`More for ${name}`} .items=${[
        { label: "Change the role", image: "people", run: () => this.#role(account) },
        { label: "New password", image: "lock", run: () => this.#password(account) },
        { label: "Remove", image: "delete", bad: true, run: () => this.#remove(account) },
      ]}></kith-menu></li>`;
  }

  async #add() {
    const made = await askForm({ heading: "Add an account", yes: "Add", fields: [
      { name: "name", label: "Name" },
      { name: "role", label: "Role", value: "viewer", choices: ROLES },
      { name: "password", label: "Password", type: "password", autocomplete: "new-password", least: SHORTEST_PASSWORD, note: `At least ${SHORTEST_PASSWORD} characters. Tell it to them; they can change it.` },
    ], send: (values) => this.app.api.post("accounts", values) });
    if (made) await this.#load();
  }

  /** @param {Account} account */
  async #role({ id, name, role }) {
    const done = await askForm({ heading: `What may ${name} do?`, yes: "Save", fields: [{ name: "role", label: "Role", value: role, choices: ROLES }], send: (values) => this.app.api.patch(`accounts/${id}`, values) });
    if (done) await this.#load();
  }

  /** @param {Account} account */
  async #password({ id, name }) {
    const done = await askForm({ heading: `New password for ${name}`, yes: "Save", note: "All browsers of this account are logged out.", fields: [
      { name: "password", label: "Password", type: "password", autocomplete: "new-password", least: SHORTEST_PASSWORD, note: `At least ${SHORTEST_PASSWORD} characters.` },
    ], send: (values) => this.app.api.patch(`accounts/${id}`, values) });
    if (done) this.app.toasts.show({ text: `${name} has a new password.` });
  }

  /** @param {Account} account */
  async #remove({ id, name }) {
    const sure = await confirm({ heading: `Remove ${name}?`, text: "They are logged out everywhere, and their keys stop working. What they said stays in the history.", yes: "Remove", bad: true });
    if (sure && (await this.app.attempt(this.app.api.delete(`accounts/${id}`).then(() => true)))) await this.#load();
  }
}

export function register() {
  registerForm();
  registerMenu();
  define("kith-accounts", KithAccounts);
}
