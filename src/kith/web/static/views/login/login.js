// @ts-check
/** `<kith-login .app .query>`: who one is; then where one was going. */
import { register as registerGate } from "../../components/gate/gate.js";
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";

const FIELDS = [
  { name: "name", label: "Name", autocomplete: "username" },
  { name: "password", label: "Password", type: "password", autocomplete: "current-password" },
];

export class KithLogin extends KithElement {
  static properties = { query: null };

  view() {
    return html`<kith-gate .heading=${"Log in"} .yes=${"Log in"} .fields=${FIELDS} .send=${(/** @type {unknown} */ values) => this.#logIn(values)}></kith-gate>`;
  }

  /** @param {unknown} credentials */
  async #logIn(credentials) {
    await this.app.api.post("session", credentials);
    await this.app.enter();
    await this.app.router.go(this.app.router.inside(this.query?.get("next") ?? "/"), { replace: true });
  }
}

export function register() {
  registerGate();
  define("kith-login", KithLogin);
}
