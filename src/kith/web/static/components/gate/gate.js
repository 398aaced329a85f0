// @ts-check
/**
 * `<kith-gate .heading .text .fields .yes .send>`: a form that stands before everything else. fields: [{name, label,
 * type?, autocomplete?, value?, least?, note?}]. `send(values)` answers when it is done, and throws what was refused.
 */
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";
import { signal } from "../../core/signals.js";
import { icon, logo } from "../../icons/icons.js";

/** @typedef {{name: string, label: string, type?: string, autocomplete?: string, value?: string, least?: number, note?: string}} Field */

export class KithGate extends KithElement {
  static properties = { heading: "", text: "", fields: [], yes: "Go on", send: null };

  #refused = signal(/** @type {any} */ (null));
  #busy = signal(false);

  mounted() {
    /** @type {HTMLInputElement[]} */ ([...this.querySelectorAll("input")]).find(({ value }) => !value)?.focus();
  }

  view() {
    const refused = this.#refused.value;
    return html`<div class="gate"><section class="gate-card" aria-labelledby="gate-title">
      ${logo()}
      <header class="gate-head"><h1 id="gate-title">${this.heading}</h1>${this.text ? html`<p class="soft">${this.text}</p>` : null}</header>
      <form class="gate-form" @submit=${(/** @type {SubmitEvent} */ event) => this.#submit(event)}>
        ${this.fields.map((/** @type {Field} */ field) => entry(field))}
        ${refused ? html`<p class="gate-error" role="alert">${icon("warning")}<span>${[refused.message, refused.advice].filter(Boolean).join(". ")}</span></p>` : null}
        <button class="button" data-kind="primary" ?disabled=${this.#busy.value}>${this.yes}</button>
      </form>
    </section></div>`;
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    this.#busy.value = true;
    this.#refused.value = null;
    try {
      await this.send(Object.fromEntries(new FormData(form)));
    } catch (error) {
      this.#refused.value = error;
      /** @type {HTMLInputElement | null} */ (form.querySelector('input[type="password"]'))?.select();
    }
    this.#busy.value = false;
  }
}

/** @param {Field} field */
function entry({ name, label, type = "text", autocomplete = "off", value = "", least = 1, note }) {
  return html`<label class="label" key="${name}">${label}<input class="field" name="${name}" type="${type}" value="${value}" required minlength="${least}" maxlength="1000" autocomplete="${autocomplete}" autocapitalize="off" spellcheck="false">
    ${note ? html`<span class="soft">${note}</span>` : null}</label>`;
}

export function register() {
  define("kith-gate", KithGate);
}
