// @ts-check
/** `<kith-form .fields .yes .note .send>`: a form in a dialog that shows what was refused, and stays. Tells `done`. */
import { ask } from "../../components/dialog/dialog.js";
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";
import { signal } from "../../core/signals.js";

/**
 * @typedef {{name: string, label: string, type?: string, autocomplete?: string, least?: number, optional?: boolean, note?: string, value?: string, choices?: readonly (readonly [string, string])[]}} Field
 * @typedef {{heading: string, fields: Field[], yes: string, note?: string, send(values: Record<string, any>): Promise<any>}} Form
 */

export class KithForm extends KithElement {
  static properties = { fields: [], yes: "Save", note: "", send: null };

  #refused = signal("");

  view() {
    return html`<form class="settings-form" @submit=${(/** @type {SubmitEvent} */ event) => this.#submit(event)}>
      ${this.fields.map((/** @type {Field} */ field) => entry(field))}
      ${this.note ? html`<p class="soft small">${this.note}</p>` : null}
      ${this.#refused.value ? html`<p class="settings-refused" role="alert">${this.#refused.value}</p>` : null}
      <footer class="dialog-foot"><button class="button" data-kind="primary">${this.yes}</button></footer></form>`;
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    try {
      this.emit("done", await this.send(Object.fromEntries(new FormData(/** @type {HTMLFormElement} */ (event.target)))));
    } catch (error) {
      const { message, advice } = /** @type {any} */ (error);
      this.#refused.value = [message, advice].filter(Boolean).join(". ");
    }
  }
}

/** @param {Field} field */
function entry({ name, label, type = "text", autocomplete = "off", least = 1, optional = false, note, value = "", choices }) {
  return html`<label class="label" key="${name}">${label}
    ${choices ? html`<select class="field" name="${name}">${choices.map(([choice, text]) => html`<option value="${choice}" ?selected=${choice === value}>${text}</option>`)}</select>`
      : html`<input class="field" name="${name}" type="${type}" value="${value}" ?required=${!optional} minlength="${optional ? 0 : least}" maxlength="1000" autocomplete="${autocomplete}" autocapitalize="off" spellcheck="false">`}
    ${note ? html`<span class="soft">${note}</span>` : null}</label>`;
}

/** @param {Form} form @returns {Promise<any>} what `send` answered; null if it was closed */
export function askForm({ heading, ...form }) {
  return ask({ heading, content: (choose) => html`<kith-form .fields=${form.fields} .yes=${form.yes} .note=${form.note ?? ""} .send=${form.send} @done=${(/** @type {CustomEvent} */ event) => choose(event.detail ?? true)}></kith-form>` });
}

export function register() {
  define("kith-form", KithForm);
}
