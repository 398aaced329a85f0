// @ts-check
/** How large a photo is shown and where: plain arithmetic, in CSS pixels from the middle of the stage. */

/** @typedef {{width: number, height: number}} Size */

const LARGEST = 8;
/** A tiny photo is not blown up further than this. */
const BLOWN_UP = 2.5;

/**
 * The size of a photo that just fits.
 * @param {Size} photo
 * @param {Size} room
 * @returns {Size}
 */
export function fitted(photo, room) {
  const scale = Math.min(room.width / photo.width, room.height / photo.height, BLOWN_UP);
  return { width: photo.width * scale, height: photo.height * scale };
}

/** A zoom and a place; 1, 0, 0 is the whole photo. */
export class View {
  scale = 1;
  x = 0;
  y = 0;

  reset() {
    [this.scale, this.x, this.y] = [1, 0, 0];
  }

  /**
   * Zooms, and keeps the pixel below a point where it is.
   * @param {number} factor
   * @param {{x: number, y: number}} point from the middle of the stage
   * @param {Size} size
   * @param {Size} room
   */
  zoom(factor, point, size, room) {
    const scale = Math.min(LARGEST, Math.max(1, this.scale * factor));
    const grown = scale / this.scale;
    this.x = point.x - (point.x - this.x) * grown;
    this.y = point.y - (point.y - this.y) * grown;
    this.scale = scale;
    this.#hold(size, room);
  }

  /** @param {number} byX @param {number} byY @param {Size} size @param {Size} room */
  move(byX, byY, size, room) {
    this.x += byX;
    this.y += byY;
    this.#hold(size, room);
  }

  /** The photo does not leave its room. @param {Size} size @param {Size} room */
  #hold(size, room) {
    const farX = Math.max(0, (size.width * this.scale - room.width) / 2);
    const farY = Math.max(0, (size.height * this.scale - room.height) / 2);
    this.x = Math.min(farX, Math.max(-farX, this.x));
    this.y = Math.min(farY, Math.max(-farY, this.y));
  }
}
