// @ts-check
/** `<kith-settings .app>`: the library, one's own account, and for an owner everybody else's and the keys. */
import { register as registerDialog } from "../../components/dialog/dialog.js";
import { define, KithElement } from "../../core/element.js";
import { number } from "../../core/format.js";
import { html } from "../../core/html.js";
import { SHORTEST_PASSWORD } from "../../core/limits.js";
import { icon } from "../../icons/icons.js";
import { register as registerAccounts } from "./accounts.js";
import { askForm } from "./form.js";
import { register as registerKeys } from "./keys.js";
import { register as registerNotices } from "./notices.js";

export class KithSettings extends KithElement {
  view() {
    const library = /** @type {any} */ (this.app.library.value);
    return html`<div class="view settings">
      <header class="view-head"><h1>Settings</h1></header>
      ${library ? html`
        ${this.#library(library)}
        ${library.login ? this.#account(library) : null}
        ${this.app.isOwner() && library.features.accounts ? html`<kith-accounts .app=${this.app}></kith-accounts><kith-keys .app=${this.app}></kith-keys>` : null}
        ${this.app.mayEdit() ? html`<kith-notices .app=${this.app}></kith-notices>` : null}
        ${this.#about(library)}` : html`<div class="skeleton settings-skeleton" role="status" aria-label="Loading settings"></div>`}
    </div>`;
  }

  /** @param {any} library */
  #library({ name, photos, places, faces, people, named_people, unattributed_faces, problems }) {
    const facts = [
      ["Photos", photos, ""], ["Files", places, "Some photos are in several files."], ["Faces", faces, ""], ["People", people, `${number(named_people)} with a name`],
      ["Faces of nobody", unattributed_faces, "Not alike enough to anybody."],
    ];
    return html`<section class="settings-section" aria-labelledby="library-title"><h2 id="library-title">${name}</h2>
      <dl class="settings-facts">${facts.map(([label, value, note]) => html`<div><dt>${label}</dt><dd class="number">${number(Number(value))}</dd>${note ? html`<dd class="soft small">${note}</dd>` : null}</div>`)}</dl>
      ${problems && this.app.mayEdit() ? html`<a class="settings-problems" href="jobs">${icon("warning")}<span>${problems === 1 ? "1 file" : `${number(problems)} files`} could not become photos</span>${icon("forward")}</a>` : null}
    </section>`;
  }

  /** @param {any} library */
  #account({ account, role, features }) {
    return html`<section class="settings-section" aria-labelledby="account-title"><h2 id="account-title">Your account</h2>
      <div class="settings-row"><div><strong>${account}</strong><p class="soft small">${role[0].toUpperCase()}${role.slice(1)}</p></div>
        ${features.accounts ? html`<button class="button" type="button" @click=${() => this.#password()}>${icon("lock")}Change password</button>` : null}
        <button class="button" type="button" @click=${() => this.#leave(features)}>${icon("logout")}Log out</button></div>
    </section>`;
  }

  /** @param {any} library */
  #about({ version, pack, features }) {
    return html`<section class="settings-section" aria-labelledby="about-title"><h2 id="about-title">About</h2>
      <p class="soft">Kith ${version}${pack ? `, with the model pack ${pack}` : ""}${features.rekognition ? ". A server for Rekognition clients runs beside it" : ""}.</p>
      ${features.accounts ? html`<p><a class="settings-link" href="docs" data-outside="true" target="_blank">The API for programs<span class="visually-hidden">, in a new tab</span></a></p>` : null}</section>`;
  }

  async #password() {
    const done = await askForm({
      heading: "Change password", yes: "Change", note: "All your other browsers are logged out.",
      fields: [
        { name: "password", label: "Password now", type: "password", autocomplete: "current-password" },
        { name: "new_password", label: "New password", type: "password", autocomplete: "new-password", least: SHORTEST_PASSWORD, note: `At least ${SHORTEST_PASSWORD} characters.` },
      ],
      send: (values) => this.app.api.post("session/password", values),
    });
    if (!done) return;
    this.app.api.useCsrf(done.csrf);
    this.app.toasts.show({ text: "Your password is changed." });
  }

  /** @param {{accounts: boolean}} features */
  async #leave({ accounts }) {
    if (!accounts) return void (await this.app.hosted.leave());
    await this.app.attempt(this.app.api.delete("session"));
    location.assign(this.app.router.href("/login"));
  }
}

export function register() {
  for (const each of [registerAccounts, registerDialog, registerKeys, registerNotices]) each();
  define("kith-settings", KithSettings);
}
