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
 * @param {{what: string, label: string, href: string}} [other] what it would be, and where to find others
 */
export function failed(error, again, other) {
  if (other && isMissing(error)) {
    return html`<kith-state .image=${"search"} .heading=${`There is no such ${other.what}`} .text=${"It may have been taken out of the library, or its address is not whole."} .action=${{ label: other.label, href: other.href }}></kith-state>`;
  }
  return html`<kith-state .image=${"warning"} .heading=${error.message} .text=${error.advice ?? ""} .action=${{ label: "Try again", run: again }}></kith-state>`;
}

/** An address that cannot be one of anything leads to nothing, as one that is no more does. @param {{status?: number}} error */
const isMissing = ({ status }) => [404, 410, 422].includes(status ?? 0);

export function register() {
  define("kith-state", KithState);
}
