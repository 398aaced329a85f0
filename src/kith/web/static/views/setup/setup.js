// @ts-check
/** `<kith-setup .app .query>`: makes the first owner, with the token that `kith serve` printed. */
import { register as registerGate } from "../../components/gate/gate.js";
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";
import { SHORTEST_PASSWORD } from "../../core/limits.js";

export class KithSetup extends KithElement {
  static properties = { query: null };

  view() {
    return html`<kith-gate .heading=${"Welcome to Kith"} .text=${"Make the account that owns this library. Others can be added later."} .yes=${"Create the account"}
      .fields=${this.#fields()} .send=${(/** @type {unknown} */ values) => this.#setUp(values)}></kith-gate>`;
  }

  #fields() {
    return [
      { name: "token", label: "Setup token", value: this.query?.get("token") ?? "", note: "kith serve printed it when it started." },
      { name: "name", label: "Your name", autocomplete: "username" },
      { name: "password", label: "Password", type: "password", autocomplete: "new-password", least: SHORTEST_PASSWORD, note: `At least ${SHORTEST_PASSWORD} characters.` },
    ];
  }

  /** @param {unknown} owner */
  async #setUp(owner) {
    await this.app.api.post("setup", owner);
    await this.app.enter();
    await this.app.router.go("/", { replace: true });
  }
}

export function register() {
  registerGate();
  define("kith-setup", KithSetup);
}
