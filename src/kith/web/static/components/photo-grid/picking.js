// @ts-check
/** Picking photos of the grid: with the check mark, with shift for a range, with a long press of a finger. */

const LONG_PRESS_MS = 420;
const STILL_PX = 9;

/**
 * Listens until the answer is called.
 * @param {import("./photo-grid.js").KithPhotoGrid} grid
 */
export function pickPhotos(grid) {
  const press = { timer: 0, x: 0, y: 0, long: false };

  /** @param {Event} event */
  const tileAt = (event) => /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest?.(".tile"));

  /** @param {HTMLElement} tile @param {boolean} range */
  function choose({ dataset }, range) {
    const index = Number(dataset.index);
    if (range) grid.selection.reach(index, (/** @type {number} */ each) => grid.sequence.peek(each)?.id);
    else grid.selection.toggle(dataset.photo, index);
  }

  /** @param {MouseEvent} event */
  function clicked(event) {
    const tile = tileAt(event);
    if (!tile || !grid.selection || event.ctrlKey || event.metaKey) return;
    const onMark = /** @type {Element} */ (event.target).closest(".tile-pick");
    if (!onMark && !press.long && !grid.selection.ids.peek().size) return;
    event.preventDefault();
    if (!press.long) choose(tile, event.shiftKey);
    press.long = false;
  }

  /** @param {PointerEvent} event */
  function pressed(event) {
    const tile = tileAt(event);
    press.long = false;
    if (!tile || !grid.selection || event.pointerType === "mouse") return;
    [press.x, press.y] = [event.clientX, event.clientY];
    press.timer = window.setTimeout(() => {
      press.long = true;
      choose(tile, false);
      navigator.vibrate?.(8);
    }, LONG_PRESS_MS);
  }

  /** @param {PointerEvent} event */
  function moved(event) {
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) > STILL_PX) clearTimeout(press.timer);
  }

  const released = () => clearTimeout(press.timer);
  const menu = (/** @type {Event} */ event) => press.long && event.preventDefault();
  /** @type {[string, (event: any) => void][]} */
  const listeners = [
    ["click", clicked], ["pointerdown", pressed], ["pointermove", moved],
    ["pointerup", released], ["pointercancel", released], ["contextmenu", menu],
  ];
  for (const [type, listener] of listeners) grid.addEventListener(type, listener);
  return () => {
    released();
    for (const [type, listener] of listeners) grid.removeEventListener(type, listener);
  };
}
