// @ts-check
/** Where photos lie: justified rows in blocks, one block a month. Lengths are CSS pixels. */

import { ALL } from "../../core/sequence.js";

/**
 * @typedef {{top: number, height: number, first: number, end: number}} Row rows hold photos first…end-1 of their block
 * @typedef {object} Block
 * @property {import("../../core/sequence.js").Month} month
 * @property {number} count how many photos the month had
 * @property {number} top from the top of the grid
 * @property {number} height the heading included
 * @property {Row[]} rows those whose photos are loaded; `top` counts from the block's top
 * @property {Float32Array} lefts
 * @property {Float32Array} widths
 * @property {import("../../core/sequence.js").Photo[]} photos those that the rows were made of
 * @typedef {{width: number, row: number, gap: number, heading: number}} Measures
 */

/** Beyond these, a photo is cropped in the grid: a panorama would leave nothing for its neighbors. */
const NARROWEST = 0.5;
const WIDEST = 2.4;
const USUAL = 1.3;
const BELOW_BLOCK = 20;

/**
 * How the grid is measured for a width.
 * @param {number} width
 * @param {number} gap
 * @param {number} heading
 * @returns {Measures}
 */
export function measures(width, gap, heading) {
  const row = width < 600 ? Math.max(96, width / 3.1) : Math.min(236, Math.max(168, width / 5.6));
  return { width, row, gap, heading };
}

/**
 * Lays out every month below the other. A block whose photos have not changed is kept.
 * @param {import("../../core/sequence.js").Month[]} months
 * @param {Measures} measured
 * @param {Block[]} before what was laid out with the same measures
 * @returns {Block[]}
 */
export function layOut(months, measured, before = []) {
  const known = new Map(before.map((block) => [block.month, block]));
  let top = 0;
  return months.map((month) => {
    const old = known.get(month);
    const block = old?.photos === month.photos && old.count === month.count ? old : blockOf(month, measured);
    block.top = top;
    top += block.height;
    return block;
  });
}

/** @param {import("../../core/sequence.js").Month} month @param {Measures} measured @returns {Block} */
function blockOf(month, measured) {
  const { gap } = measured;
  const heading = month.month === ALL ? 0 : measured.heading;
  const count = month.photos.length;
  const block = {
    month, photos: month.photos, count: month.count, top: 0, height: 0,
    rows: /** @type {Row[]} */ ([]), lefts: new Float32Array(count), widths: new Float32Array(count),
  };
  const whole = month.count <= count;
  let [first, top] = [0, heading];
  while (first < count) {
    const row = rowFrom(month.photos, first, top, measured, whole);
    place(month.photos, row, block, measured);
    block.rows.push(row);
    [first, top] = [row.end, top + row.height + gap];
  }
  block.height = top + estimate(month.count - count, measured) + BELOW_BLOCK;
  return block;
}

/**
 * How high photos will be that are not known yet.
 * @param {number} count
 * @param {Measures} measured
 */
export function estimate(count, { width, row, gap }) {
  const each = Math.max(1, (width + gap) / (row * USUAL + gap));
  return Math.ceil(Math.max(0, count) / each) * (row + gap);
}

/** @param {{width: number, height: number}} photo */
export const ratioOf = ({ width, height }) => Math.min(WIDEST, Math.max(NARROWEST, width / height || 1));

/**
 * The row that comes nearest to the wanted height.
 * @param {import("../../core/sequence.js").Photo[]} photos
 * @param {number} first
 * @param {number} top
 * @param {Measures} measured
 * @param {boolean} whole whether these are all photos of the block, so that the last row may stay short
 * @returns {Row}
 */
function rowFrom(photos, first, top, { width, row, gap }, whole) {
  let [sum, end, height] = [0, first, Infinity];
  while (end < photos.length) {
    const wider = sum + ratioOf(photos[end]);
    const lower = (width - gap * (end - first)) / wider;
    if (height < Infinity && row - lower > height - row) return { top, height, first, end };
    [sum, height, end] = [wider, lower, end + 1];
    if (height <= row) return { top, height, first, end };
  }
  return { top, height: whole ? Math.min(height, row) : height, first, end };
}

/** @param {import("../../core/sequence.js").Photo[]} photos @param {Row} row @param {Block} block @param {Measures} measured */
function place(photos, row, block, { gap }) {
  let left = 0;
  for (let index = row.first; index < row.end; index++) {
    const width = ratioOf(photos[index]) * row.height;
    block.lefts[index] = left;
    block.widths[index] = width;
    left += width + gap;
  }
}

/**
 * The first place whose value is beyond a limit; the list is in order.
 * @template T
 * @param {readonly T[]} list
 * @param {(each: T) => number} valueOf
 * @param {number} limit
 */
export function firstBeyond(list, valueOf, limit) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (valueOf(list[middle]) > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The block and the row that a photo lies in.
 * @param {Block[]} blocks
 * @param {number} index place in the sequence
 * @returns {[Block, Row | undefined]}
 */
export function blockOfPhoto(blocks, index) {
  const block = blocks[Math.max(0, firstBeyond(blocks, (each) => each.month.start, index) - 1)];
  return [block, block?.rows[firstBeyond(block.rows, (row) => row.end - 1, index - block.month.start - 1)]];
}

/**
 * The photo above or below one, and the nearest to it.
 * @param {Block[]} blocks
 * @param {number} index place in the sequence
 * @param {1 | -1} step
 */
export function verticalNeighbor(blocks, index, step) {
  const [block, row] = blockOfPhoto(blocks, index);
  if (!row) return index;
  const inside = index - block.month.start;
  const middle = block.lefts[inside] + block.widths[inside] / 2;
  const target = block.rows[block.rows.indexOf(row) + step] ? block : blocks[blocks.indexOf(block) + step];
  if (!target) return index;
  const next = target === block ? block.rows[block.rows.indexOf(row) + step] : target.rows.at(step > 0 ? 0 : -1);
  if (!next) return target.month.start + (step > 0 ? 0 : target.month.count - 1);
  return target.month.start + nearestIn(target, next, middle);
}

/**
 * The first photo, in the order of the sequence, whose row begins at a height or below it; the last one if none does.
 * @param {Block[]} blocks
 * @param {number} height
 */
export function firstPhotoFrom(blocks, height) {
  const at = firstBeyond(blocks, (each) => each.top + each.height, height);
  for (const { month, rows, top } of blocks.slice(at)) {
    if (!rows.length) return month.start;
    const row = rows[firstBeyond(rows, (each) => each.top + top, height - 1)];
    if (row) return month.start + row.first;
  }
  const last = blocks.at(-1);
  return last ? last.month.start + last.count - 1 : -1;
}

/** @param {Block} block @param {Row} row @param {number} middle */
function nearestIn({ lefts, widths }, row, middle) {
  let nearest = row.first;
  const off = (/** @type {number} */ each) => Math.abs(lefts[each] + widths[each] / 2 - middle);
  for (let each = row.first; each < row.end; each++) if (off(each) < off(nearest)) nearest = each;
  return nearest;
}
