// @ts-check
/** One photo of the grid. Cloned and not rendered: hundreds come and go while one scrolls. */
import { photoLabel } from "../../core/format.js";
import { html, render } from "../../core/html.js";
import { icon } from "../../icons/icons.js";

/** @typedef {import("../../core/sequence.js").Photo} Photo */

/**
 * Answers with what makes tiles.
 * @param {import("../../core/api.js").Api} api
 * @param {(photo: Photo) => string} hrefOf
 */
export function tileMaker(api, hrefOf) {
  const pattern = patternOfTile();

  /** @param {Photo} photo */
  return (photo) => {
    const tile = /** @type {HTMLElement} */ (pattern.cloneNode(true));
    const label = photoLabel(photo);
    const { link, image, pick } = partsOf(tile);
    tile.dataset.photo = photo.id;
    if (photo.placeholder) tile.style.backgroundImage = `url("data:image/webp;base64,${photo.placeholder}")`;
    link.href = hrefOf(photo);
    link.setAttribute("aria-label", label);
    pick.setAttribute("aria-label", `Select: ${label}`);
    image.dataset.source = api.picture(photo.urls.small);
    return tile;
  };
}

function patternOfTile() {
  const stage = document.createElement("div");
  render(stage, html`<div class="tile" role="listitem">
    <a class="tile-link" draggable="false"><img alt="" decoding="async" draggable="false"></a>
    <button class="tile-pick" type="button" role="checkbox" aria-checked="false">${icon("check")}</button>
  </div>`);
  return /** @type {HTMLElement} */ (stage.firstElementChild);
}

/** @param {HTMLElement} tile */
function partsOf(tile) {
  const [link, pick] = tile.children;
  return {
    link: /** @type {HTMLAnchorElement} */ (link),
    image: /** @type {HTMLImageElement} */ (link.firstElementChild),
    pick: /** @type {HTMLButtonElement} */ (pick),
  };
}

/** @param {HTMLElement} tile @param {number} left @param {number} top @param {number} width @param {number} height */
export function placeTile({ style }, left, top, width, height) {
  style.transform = `translate(${left}px, ${top}px)`;
  style.inlineSize = `${width}px`;
  style.blockSize = `${height}px`;
}

/** @param {HTMLElement} tile @param {number} index @param {number} total */
export function numberTile(tile, index, total) {
  if (tile.dataset.index === String(index)) return;
  tile.dataset.index = String(index);
  tile.setAttribute("aria-posinset", String(index + 1));
  tile.setAttribute("aria-setsize", String(total));
}

/** Starts loading the picture. @param {HTMLElement} tile */
export function showPicture(tile) {
  const { image } = partsOf(tile);
  if (image.src) return;
  image.src = image.dataset.source ?? "";
  const shown = () => tile.setAttribute("data-shown", "");
  if (image.complete) shown();
  else image.addEventListener("load", shown, { once: true });
}

/** Takes a tile away, and stops what it was loading. @param {HTMLElement} tile */
export function dropTile(tile) {
  partsOf(tile).image.removeAttribute("src");
  tile.remove();
}

/** @param {HTMLElement} tile @param {boolean} picked */
export function markTile(tile, picked) {
  tile.toggleAttribute("data-picked", picked);
  partsOf(tile).pick.setAttribute("aria-checked", String(picked));
}
