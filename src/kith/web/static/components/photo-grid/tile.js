// @ts-check
/** One photo of the grid. Cloned and not rendered: hundreds come and go while one scrolls. */
import { photoLabel } from "../../core/format.js";
import { html, render } from "../../core/html.js";
import { icon } from "../../icons/icons.js";

/** @typedef {import("../../core/sequence.js").Photo} Photo */

/** Pixels of the longer side of the least picture there is. */
const TINY = 256;
/** So far a picture may be enlarged before anybody sees it. */
const ENLARGED = 1.25;

/**
 * Answers with what makes tiles.
 * @param {(photo: Photo) => string} hrefOf
 */
export function tileMaker(hrefOf) {
  const pattern = patternOfTile();

  /** @param {Photo} photo */
  return (photo) => {
    const tile = /** @type {HTMLElement} */ (pattern.cloneNode(true));
    const label = photoLabel(photo);
    const { link, pick } = partsOf(tile);
    tile.dataset.photo = photo.id;
    if (photo.placeholder) tile.style.backgroundImage = `url("data:image/webp;base64,${photo.placeholder}")`;
    link.href = hrefOf(photo);
    link.setAttribute("aria-label", label);
    pick.setAttribute("aria-label", `Select: ${label}`);
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

/**
 * The least picture that fills a tile: browsers keep many more decoded than are in view.
 * @param {Photo} photo
 * @param {number} width of the tile
 * @param {number} height
 */
export function pictureFor({ width: across, height: down, urls }, width, height) {
  const longSide = Math.max(width / across, height / down) * Math.max(across, down) * devicePixelRatio;
  return longSide <= TINY * ENLARGED ? urls.tiny ?? urls.small : urls.small;
}

/** Starts loading a picture. @param {HTMLElement} tile @param {string} address */
export function showPicture(tile, address) {
  const { image } = partsOf(tile);
  if (image.getAttribute("src") === address) return;
  image.src = address;
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
