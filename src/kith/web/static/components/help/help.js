// @ts-check
/** `<kith-help .app>`: which keys do what here and now. */
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";
import { register as registerDialog } from "../dialog/dialog.js";

/** How keys are shown that have no letter. */
const SHOWN = /** @type {Record<string, string>} */ ({
  ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc", " ": "Space", Enter: "Enter", Delete: "Del",
});

export class KithHelp extends KithElement {
  open() {
    this.find("kith-dialog").open();
  }

  view() {
    return html`<kith-dialog .heading=${"Keyboard"} .content=${this.#content()}></kith-dialog>`;
  }

  #content() {
    return html`<div class="help">${this.app.keys.scopes.value.toReversed().map(({ title, shortcuts }) => html`<section>
      <h3>${title}</h3>
      <dl>${shortcuts.filter(({ label }) => label).map(({ keys, label }) => html`<div><dt>${keys.map((key) => html`<kbd>${SHOWN[key] ?? key}</kbd>`)}</dt><dd>${label}</dd></div>`)}</dl>
    </section>`)}</div>`;
  }
}

export function register() {
  registerDialog();
  define("kith-help", KithHelp);
}
