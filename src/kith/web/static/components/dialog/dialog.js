// @ts-check
/**
 * `<kith-dialog .heading .content .wide>`: a modal dialog. `open()` shows it; it tells `closed` when it has
 * gone. The browser's own `<dialog>` keeps the focus inside and Escape closes it.
 */
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";
import { icon } from "../../icons/icons.js";

export class KithDialog extends KithElement {
  static properties = { heading: "", content: null };

  open() {
    this.find("dialog").showModal();
  }

  close() {
    this.find("dialog").close();
  }

  view() {
    return html`<dialog class="dialog" aria-label="${this.heading}" @close=${() => this.emit("closed")} @click=${(/** @type {Event} */ event) => this.#outside(event)} @keydown=${keepEscape}>
      <div class="dialog-body">
        <div class="dialog-head"><h2>${this.heading}</h2>
          <button class="icon-button" type="button" aria-label="Close" @click=${() => this.close()}>${icon("close")}</button></div>
        ${this.content}
      </div>
    </dialog>`;
  }

  /** @param {Event} event */
  #outside(event) {
    if (event.target === this.find("dialog")) this.close();
  }
}

/** Escape closes the dialog alone, not what lies below. @param {KeyboardEvent} event */
function keepEscape(event) {
  if (event.key === "Escape") event.stopPropagation();
}

/**
 * Asks something in a dialog of its own.
 * @template T
 * @param {{heading: string, content: (choose: (answer: T) => void) => import("../../core/html.js").Markup}} question
 * @returns {Promise<T | null>} what was chosen; null if it was closed
 */
export function ask({ heading, content }) {
  return new Promise((resolve) => {
    const dialog = /** @type {any} */ (document.createElement("kith-dialog"));
    dialog.heading = heading;
    dialog.content = content((answer) => {
      resolve(answer);
      dialog.close();
    });
    dialog.addEventListener("closed", () => {
      resolve(null);
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.open();
  });
}

/**
 * Asks one question, and answers whether it was agreed to.
 * @param {{heading: string, text: string, yes: string, bad?: boolean}} question
 */
export async function confirm({ heading, text, yes, bad = false }) {
  return Boolean(await ask({ heading, content: (/** @type {(answer: boolean) => void} */ choose) => html`<p>${text}</p><div class="dialog-foot">
    <button class="button" data-kind="plain" type="button" @click=${() => choose(false)}>Cancel</button>
    <button class="button" data-kind="${bad ? "bad" : "primary"}" type="button" @click=${() => choose(true)}>${yes}</button></div>` }));
}

/**
 * Asks for a line of text; answers null if nothing was given.
 * @param {{heading: string, label: string, yes: string, value?: string}} question
 * @returns {Promise<string | null>}
 */
export function prompt({ heading, label, yes, value = "" }) {
  return ask({ heading, content: (/** @type {(answer: string | null) => void} */ choose) => {
    const done = (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      choose(String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("text")).trim() || null);
    };
    return html`<form @submit=${done}>
      <label class="label">${label}<input class="field" name="text" value="${value}" autofocus required autocomplete="off" maxlength="200"></label>
      <div class="dialog-foot"><button class="button" data-kind="plain" type="button" @click=${() => choose(null)}>Cancel</button>
      <button class="button" data-kind="primary">${yes}</button></div></form>`;
  } });
}

export function register() {
  define("kith-dialog", KithDialog);
}
