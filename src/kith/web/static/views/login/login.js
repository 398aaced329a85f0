// @ts-check
/** `<kith-login .app>`: who one is. */
import { register as registerGate } from "../../components/gate/gate.js";
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";

const FIELDS = [
  { name: "name", label: "Name", autocomplete: "username" },
  { name: "password", label: "Password", type: "password", autocomplete: "current-password" },
];

export class KithLogin extends KithElement {
  view() {
    return html`<kith-gate .heading=${"Log in"} .yes=${"Log in"} .fields=${FIELDS} .send=${(/** @type {unknown} */ values) => this.#logIn(values)}></kith-gate>`;
  }

  /** @param {unknown} credentials */
  async #logIn(credentials) {
    await this.app.api.post("session", credentials);
    await this.app.enter();
    await this.app.router.go("/", { replace: true });
  }
}

export function register() {
  registerGate();
  define("kith-login", KithLogin);
}
