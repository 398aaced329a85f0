// @ts-check
/** Two buttons that ask for a picture: from the files, and, where there is a camera at hand, from it. */
import { html } from "../../core/html.js";
import { icon } from "../../icons/icons.js";

/** @param {(file: File) => void} take @param {{disabled?: boolean}} [how] */
export function pictureChoice(take, { disabled = false } = {}) {
  const chosen = (/** @type {Event} */ { target }) => {
    const input = /** @type {HTMLInputElement} */ (target);
    const file = input.files?.[0];
    input.value = "";
    if (file) take(file);
  };
  return html`<div class="picture-choice">
    <label class="button" data-kind="primary">${icon("photos")}Choose a picture<input class="visually-hidden" type="file" name="picture" accept="image/*,.heic,.heif,.avif" ?disabled=${disabled} @change=${chosen}></label>
    <label class="button picture-camera">${icon("camera")}Take a picture<input class="visually-hidden" type="file" accept="image/*" capture="user" ?disabled=${disabled} @change=${chosen}></label>
  </div>`;
}
