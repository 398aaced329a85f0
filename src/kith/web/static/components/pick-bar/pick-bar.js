// @ts-check
/**
 * `<kith-pick-bar .selection .one .many .deeds>`: how many are picked, and what can be done with them.
 * deeds: [{label, image, run(ids), kind?, most?}]; `most`: for how many at most. Falsy ones are left out.
 */
import { define, KithElement } from "../../core/element.js";
import { counted } from "../../core/format.js";
import { html } from "../../core/html.js";
import { icon } from "../../icons/icons.js";

/** @typedef {{label: string, image: import("../../icons/icons.js").IconName, run(ids: string[]): unknown, kind?: string, most?: number, least?: number}} Deed */

export class KithPickBar extends KithElement {
  static properties = { selection: null, one: "photo", many: "photos", deeds: [] };

  view() {
    const ids = [.../** @type {ReadonlySet<string>} */ (this.selection.ids.value)];
    if (!ids.length) return null;
    const usable = this.deeds.filter((/** @type {Deed | false} */ deed) => deed && ids.length >= (deed.least ?? 1) && ids.length <= (deed.most ?? Infinity));
    return html`<div class="pick-bar" role="toolbar" aria-label="Selected ${this.many}">
      <button class="icon-button" type="button" aria-label="Drop the selection" @click=${() => this.selection.clear()}>${icon("close")}</button>
      <strong class="pick-count" role="status">${counted(ids.length, this.one, this.many)} selected</strong>
      ${usable.map((/** @type {Deed} */ { label, image, run, kind = "plain" }) => html`<button class="button" data-kind="${kind}" type="button" key="${label}" title="${label}" @click=${() => run(ids)}>${icon(image)}<span>${label}</span></button>`)}
    </div>`;
  }
}

export function register() {
  define("kith-pick-bar", KithPickBar);
}
