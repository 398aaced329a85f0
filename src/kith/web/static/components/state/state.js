// @ts-check
/** `<kith-state .image .title .text .action>`: what a view says when it is empty or could not load. */
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";
import { icon } from "../../icons/icons.js";

export class KithState extends KithElement {
  /** `action`: null, or {label, run} or {label, href}. */
  static properties = { image: "photos", heading: "", text: "", action: null };

  view() {
    return html`<div class="state">
      <span class="state-image">${icon(this.image)}</span>
      <h2>${this.heading}</h2>
      ${this.text ? html`<p class="soft">${this.text}</p>` : null}
      ${this.action?.href ? html`<a class="button" data-kind="primary" href="${this.action.href}">${this.action.label}</a>` : null}
      ${this.action?.run ? html`<button class="button" data-kind="primary" type="button" @click=${this.action.run}>${this.action.label}</button>` : null}
    </div>`;
  }
}

/**
 * What is shown instead of what could not be loaded.
 * @param {any} error
 * @param {() => void} again
 */
export function failed(error, again) {
  return html`<kith-state .image=${"warning"} .heading=${error.message} .text=${error.advice ?? ""} .action=${{ label: "Try again", run: again }}></kith-state>`;
}

export function register() {
  define("kith-state", KithState);
}
