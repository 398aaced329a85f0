// @ts-check
/** Keeps the part of the grid that is near the view in the document. */
import { counted, monthName } from "../../core/format.js";
import { html, render } from "../../core/html.js";
import { ALL } from "../../core/sequence.js";
import { firstBeyond } from "./layout.js";
import { dropTile, markTile, numberTile, pictureFor, placeTile, showPicture } from "./tile.js";

/** @typedef {import("./layout.js").Block} Block */
/** @typedef {import("../../core/sequence.js").Photo} Photo */

export class Painter {
  /** @type {Map<string, HTMLElement>} by photo id */
  tiles = new Map();
  /** @type {Map<Block["month"], HTMLElement>} */
  #sections = new Map();
  #grid;
  #tileOf;
  #addressOf;

  /**
   * @param {HTMLElement} grid
   * @param {(photo: Photo) => HTMLElement} tileOf
   * @param {(picture: string) => string} addressOf where a picture of an answer lies
   */
  constructor(grid, tileOf, addressOf) {
    this.#grid = grid;
    this.#tileOf = tileOf;
    this.#addressOf = addressOf;
  }

  /**
   * Shows what lies between two heights, and nothing else.
   * @param {Block[]} blocks
   * @param {{from: number, to: number, total: number, picked: ReadonlySet<string>, pictures: boolean}} how
   *     pictures: whether pictures may be loaded; while one scrolls fast, placeholders do
   */
  paint(blocks, { from, to, total, picked, pictures }) {
    const near = new Set();
    const sections = new Set();
    for (const block of blocksBetween(blocks, from, to)) {
      sections.add(block.month);
      const section = this.#section(block);
      for (const [photo, row, inside] of photosBetween(block, from, to)) {
        near.add(photo.id);
        const tile = this.tiles.get(photo.id) ?? this.#add(section, photo, picked);
        const width = block.widths[inside];
        placeTile(tile, block.lefts[inside], row.top, width, row.height);
        numberTile(tile, block.month.start + inside, total);
        if (pictures) showPicture(tile, this.#addressOf(pictureFor(photo, width, row.height)));
      }
    }
    this.#tidy(near, sections);
  }

  /** @param {ReadonlySet<string>} picked */
  mark(picked) {
    for (const [id, tile] of this.tiles) markTile(tile, picked.has(id));
  }

  clear() {
    this.#tidy(new Set(), new Set(), true);
  }

  /** @param {HTMLElement} section @param {Photo} photo @param {ReadonlySet<string>} picked */
  #add(section, photo, picked) {
    const tile = this.#tileOf(photo);
    markTile(tile, picked.has(photo.id));
    this.tiles.set(photo.id, tile);
    section.lastElementChild?.append(tile);
    return tile;
  }

  /** @param {Block} block */
  #section(block) {
    const section = this.#sections.get(block.month) ?? this.#newSection(block.month);
    // Not a transform, after which the heading would stick at the wrong place.
    section.style.insetBlockStart = `${block.top}px`;
    section.style.blockSize = `${block.height}px`;
    section.toggleAttribute("data-waiting", !block.photos.length);
    const count = section.querySelector(".month-count");
    if (count) count.textContent = counted(block.count, "photo");
    return section;
  }

  /** @param {Block["month"]} month */
  #newSection(month) {
    const section = document.createElement("section");
    const name = month.month === ALL ? "Photos" : monthName(month.month);
    section.className = "month";
    section.setAttribute("aria-label", name);
    render(section, html`${month.month === ALL ? null : html`<h2 class="month-name"><span>${name}</span> <span class="month-count"></span></h2>`}
      <div class="month-photos" role="list" aria-label="${name}"></div>`);
    this.#sections.set(month, section);
    this.#grid.append(section);
    return section;
  }

  /** What has the focus stays, wherever it is. @param {Set<string>} near @param {Set<unknown>} sections @param {boolean} [all] */
  #tidy(near, sections, all = false) {
    const focused = all ? null : document.activeElement;
    for (const [id, tile] of this.tiles) {
      if (near.has(id) || tile.contains(focused)) continue;
      dropTile(tile);
      this.tiles.delete(id);
    }
    for (const [month, section] of this.#sections) {
      if (sections.has(month) || section.contains(focused)) continue;
      section.remove();
      this.#sections.delete(month);
    }
  }
}

/** @param {Block[]} blocks @param {number} from @param {number} to */
export function* blocksBetween(blocks, from, to) {
  let at = Math.max(0, firstBeyond(blocks, (block) => block.top, from) - 1);
  while (at < blocks.length && blocks[at].top < to) yield blocks[at++];
}

/**
 * @param {Block} block @param {number} from @param {number} to
 * @returns {Generator<[Photo, import("./layout.js").Row, number]>}
 */
function* photosBetween(block, from, to) {
  const { rows, month, top } = block;
  let at = firstBeyond(rows, (row) => row.top + row.height, from - top);
  for (; at < rows.length && rows[at].top < to - top; at++) {
    for (let inside = rows[at].first; inside < rows[at].end; inside++) {
      if (month.photos[inside]) yield [month.photos[inside], rows[at], inside];
    }
  }
}
