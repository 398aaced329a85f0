// @ts-check
/** The keyboard in the grid: arrows move from photo to photo, x picks, Escape drops what was picked. */
import { firstPhotoFrom, verticalNeighbor } from "./layout.js";

/**
 * Listens until the answer is called.
 * @param {import("./photo-grid.js").KithPhotoGrid} grid
 */
export function moveWithKeys(grid) {
  const focused = () => /** @type {HTMLElement | null} */ (document.activeElement?.closest(".tile"));
  const hovered = () => /** @type {HTMLElement | null} */ (grid.querySelector(".tile:hover"));
  const usable = () => !grid.closest("[inert]");

  /** @param {(index: number) => number} target */
  const go = (target) => () => {
    if (!usable()) return false;
    const tile = focused();
    if (!tile && document.activeElement !== document.body && !grid.contains(document.activeElement)) return false;
    const index = tile ? target(Number(tile.dataset.index)) : firstPhotoFrom(grid.blocks, grid.viewTop);
    if (index >= 0 && index < grid.sequence.total) void grid.focusPhoto(index);
    return undefined;
  };

  function pick() {
    const tile = focused() ?? hovered();
    if (!tile || !grid.selection || !usable()) return false;
    grid.selection.toggle(tile.dataset.photo, Number(tile.dataset.index));
    return undefined;
  }

  function drop() {
    if (!grid.selection?.ids.peek().size || !usable()) return false;
    grid.selection.clear();
    return undefined;
  }

  return grid.app.keys.add("Photos", [
    { keys: ["ArrowLeft"], label: "Photo before", run: go((index) => index - 1) },
    { keys: ["ArrowRight"], label: "Photo after", run: go((index) => index + 1) },
    { keys: ["ArrowUp"], label: "Row above", run: go((index) => verticalNeighbor(grid.blocks, index, -1)) },
    { keys: ["ArrowDown"], label: "Row below", run: go((index) => verticalNeighbor(grid.blocks, index, 1)) },
    ...(grid.selection ? [
      { keys: ["x"], label: "Select the photo", run: pick },
      { keys: ["Escape"], label: "Drop the selection", run: drop },
    ] : []),
  ]);
}
