// @ts-check
/**
 * `<kith-photo-grid .app .sequence .selection .hrefOf>`: photos in justified rows by month, of which
 * only those near the view are in the document.
 *
 * Lies in an element `[data-scroller]`. Tells `laid-out` (detail: its blocks) when heights change, and
 * `looked` (detail: the month at the top) while it is scrolled.
 */
import { define, KithElement } from "../../core/element.js";
import { blockOfPhoto, firstBeyond, layOut, measures } from "./layout.js";
import { moveWithKeys } from "./moving.js";
import { blocksBetween, Painter } from "./painter.js";
import { pickPhotos } from "./picking.js";
import { tileMaker } from "./tile.js";

/** @typedef {import("./layout.js").Block} Block */
/** @typedef {import("../../core/sequence.js").Photo} Photo */

const GAP = 4;
const HEADING = 52;
/** While one scrolls by more than this part of the view in a frame, nothing is loaded. */
const FAST = 0.5;
const SETTLED_MS = 110;
/** How much is painted above and below the view, as parts of it. */
const AROUND = 0.8;

export class KithPhotoGrid extends KithElement {
  /** `sequence`: a Sequence; `selection`: a Selection, or null where nothing can be picked. */
  static properties = { sequence: null, selection: null };

  /** Where a photo leads. @type {(photo: Photo) => string} */
  hrefOf = (photo) => `photos/${photo.id}`;
  /** @type {Block[]} */
  blocks = [];
  /** What is scrolled. @type {HTMLElement} */
  scroller = this;
  painter = new Painter(this, (photo) => this.#tileOf(photo), (picture) => this.app.api.picture(picture));
  /** @type {(photo: Photo) => HTMLElement} */
  #tileOf = () => this;
  #measured = measures(0, GAP, HEADING);
  #scroll = { frame: 0, settling: 0, top: 0, fast: false };

  mounted() {
    this.scroller = /** @type {HTMLElement} */ (this.closest("[data-scroller]"));
    this.#tileOf = tileMaker((photo) => this.hrefOf(photo));
    this.#measure();
    this.#watch();
    this.#follow();
    this.untilGone(pickPhotos(this));
    this.untilGone(moveWithKeys(this));
  }

  #watch() {
    const resized = new ResizeObserver(() => this.#measure());
    resized.observe(this);
    resized.observe(this.scroller);
    const scrolled = () => this.#scrolled();
    this.scroller.addEventListener("scroll", scrolled, { passive: true });
    this.addEventListener("error", () => this.sequence?.renew(), { capture: true });
    this.untilGone(() => {
      resized.disconnect();
      this.scroller.removeEventListener("scroll", scrolled);
      cancelAnimationFrame(this.#scroll.frame);
      clearTimeout(this.#scroll.settling);
    });
  }

  #follow() {
    this.whenever(() => {
      void this.sequence?.version.value;
      this.#lay();
    });
    this.whenever(() => {
      const picked = this.#picked();
      this.toggleAttribute("data-pickable", Boolean(this.selection));
      this.toggleAttribute("data-picking", picked.size > 0);
      this.painter.mark(picked);
    });
  }

  /** @returns {ReadonlySet<string>} */
  #picked() {
    return this.selection?.ids.value ?? new Set();
  }

  #measure() {
    const width = this.clientWidth;
    if (!width) return;
    if (width !== this.#measured.width) {
      this.#measured = measures(width, GAP, HEADING);
      this.style.setProperty("--row", `${this.#measured.row}px`);
      this.blocks = [];
    }
    this.#lay();
  }

  /** Lays out anew, and keeps what is looked at where it is. */
  #lay() {
    if (!this.#measured.width || !this.sequence) return;
    const anchor = this.#anchor();
    this.blocks = layOut(this.sequence.months, this.#measured, this.blocks);
    const last = this.blocks.at(-1);
    this.style.blockSize = `${last ? last.top + last.height : 0}px`;
    if (anchor) this.#hold(anchor);
    this.emit("laid-out", this.blocks);
    this.#paint();
  }

  /** How far the top of the view lies below the top of the grid. */
  get viewTop() {
    return this.scroller.scrollTop - this.offsetTop;
  }

  #anchor() {
    const top = this.viewTop;
    const block = this.blocks[firstBeyond(this.blocks, (each) => each.top, top) - 1];
    return block && top > 0 ? { month: block.month.month, inside: top - block.top, height: block.height } : null;
  }

  /** @param {{month: string | null, inside: number, height: number}} anchor */
  #hold({ month, inside, height }) {
    const block = this.blocks.find((each) => each.month.month === month);
    if (!block) return;
    const now = block.height === height ? inside : (inside / height) * block.height;
    const off = block.top + now - this.viewTop;
    if (Math.abs(off) >= 1) this.scroller.scrollTop += off;
  }

  #scrolled() {
    const scroll = this.#scroll;
    scroll.frame ||= requestAnimationFrame(() => {
      scroll.frame = 0;
      const top = this.viewTop;
      scroll.fast = Math.abs(top - scroll.top) > this.scroller.clientHeight * FAST;
      scroll.top = top;
      this.#paint();
    });
    clearTimeout(scroll.settling);
    scroll.settling = window.setTimeout(() => this.#settle(), SETTLED_MS);
  }

  /** One frame later: where frames take long, scrolling may go on although nothing was heard of it for a while. */
  #settle() {
    const top = this.viewTop;
    requestAnimationFrame(() => {
      if (top !== this.viewTop || !this.isConnected) return;
      this.#scroll.fast = false;
      this.#paint();
    });
  }

  #paint() {
    const { clientHeight } = this.scroller;
    const top = this.viewTop;
    const [from, to] = [top - clientHeight * AROUND, top + clientHeight * (1 + AROUND)];
    const pictures = !this.#scroll.fast;
    this.painter.paint(this.blocks, {
      from, to, pictures, total: this.sequence.total, picked: this.selection?.ids.peek() ?? new Set(),
    });
    if (pictures) for (const block of blocksBetween(this.blocks, from, to)) this.#load(block, to);
    const looked = this.blocks[Math.max(0, firstBeyond(this.blocks, (each) => each.top, top + HEADING) - 1)];
    if (looked) this.emit("looked", looked.month);
  }

  /** Asks for a month's photos as far as they are in view. @param {Block} block @param {number} to */
  #load({ month, rows, top }, to) {
    const bottom = rows.length ? top + rows[rows.length - 1].top : -Infinity;
    const wanted = bottom < to ? month.photos.length + 1 : 1;
    this.sequence.want(month, wanted).catch((/** @type {Error} */ error) => this.app.toasts.refuse(error));
  }

  /**
   * Scrolls to a photo, and focuses it.
   * @param {number} index its place in the sequence
   */
  async focusPhoto(index) {
    const photo = this.sequence.peek(index) ?? (await this.sequence.at(index));
    if (photo) this.comeBack(photo.id);
  }

  /**
   * Focuses a photo that is loaded, and scrolls to it if it is not in view.
   * @param {string} id
   */
  comeBack(id) {
    const index = this.sequence.indexOf(id);
    if (index < 0) return;
    // What has just been loaded may not have been laid out yet.
    if (!blockOfPhoto(this.blocks, index)[1]) this.#lay();
    this.reveal(index);
    this.painter.tiles.get(id)?.querySelector("a")?.focus({ preventScroll: true });
  }

  /**
   * Scrolls a photo into view, if it is loaded and not there.
   * @param {number} index
   */
  reveal(index) {
    const [block, row] = blockOfPhoto(this.blocks, index);
    if (!row) return;
    const top = block.top + row.top + this.offsetTop;
    const { scrollTop, clientHeight } = this.scroller;
    const above = top - HEADING < scrollTop;
    if (above) this.scroller.scrollTop = top - HEADING - GAP;
    else if (top + row.height > scrollTop + clientHeight) this.scroller.scrollTop = top + row.height - clientHeight + GAP;
    this.#paint();
  }
}

export function register() {
  define("kith-photo-grid", KithPhotoGrid);
}
