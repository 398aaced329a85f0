// @ts-check
/** `<kith-toasts .app>`: shows the toasts, and reads them to screen readers. */
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";
import { icon } from "../../icons/icons.js";

export class KithToasts extends KithElement {
  view() {
    const { shown, hide } = this.app.toasts;
    return html`<div class="toasts" role="status" aria-live="polite">
      ${shown.value.map(({ id, text, tone, action }) => html`<div class="toast" key="${id}" data-tone="${tone}">
        <p>${text}</p>
        ${action ? html`<button class="toast-action" type="button" @click=${() => { hide(id); action.run(); }}>${action.label}</button>` : null}
        <button class="icon-button" type="button" aria-label="Dismiss" @click=${() => hide(id)}>${icon("close")}</button>
      </div>`)}
    </div>`;
  }
}

export function register() {
  define("kith-toasts", KithToasts);
}
