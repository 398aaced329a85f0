// @ts-check
/** `<kith-find-me .consent>`: a guest agrees, and gives a picture to be looked for with. Tells `chosen` (detail: File). */
import { ask, register as registerDialog } from "../../components/dialog/dialog.js";
import { pictureChoice } from "../../components/picture-choice/picture-choice.js";
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";
import { signal } from "../../core/signals.js";

export class KithFindMe extends KithElement {
  static properties = { consent: "" };

  #agreed = signal(false);

  view() {
    return html`<div class="find-me">
      <p>Take a picture of yourself, or choose one, to see the photos that you are in.</p>
      <label class="find-me-consent"><input type="checkbox" autofocus @change=${(/** @type {Event} */ event) => { this.#agreed.value = /** @type {HTMLInputElement} */ (event.target).checked; }}>
        <span><strong>I agree.</strong> ${this.consent}</span></label>
      ${pictureChoice((file) => this.emit("chosen", file), { disabled: !this.#agreed.value })}
    </div>`;
  }
}

/** @param {string} consent what the guest agrees to @returns {Promise<File | null>} */
export function askPicture(consent) {
  return ask({ heading: "Find me", content: (choose) => html`<kith-find-me .consent=${consent} @chosen=${(/** @type {CustomEvent} */ event) => choose(event.detail)}></kith-find-me>` });
}

export function register() {
  registerDialog();
  define("kith-find-me", KithFindMe);
}
