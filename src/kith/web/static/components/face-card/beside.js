// @ts-check
/** Where a card lies that says something of a place in the photo. */

const APART = 14;
const EDGE = 12;

/**
 * Below the place if there is room, else above; a phone has it at the bottom, by its style sheet.
 * @param {HTMLElement} card
 * @param {Element} place
 */
export function placeBeside(card, place) {
  const face = place.getBoundingClientRect();
  const { width, height } = card.getBoundingClientRect();
  const left = Math.min(innerWidth - width - EDGE, Math.max(EDGE, face.left + face.width / 2 - width / 2));
  const below = face.bottom + APART;
  const fits = below + height < innerHeight - EDGE;
  card.style.setProperty("--x", `${left}px`);
  card.style.setProperty("--y", `${fits ? below : Math.max(EDGE, face.top - APART - height)}px`);
}
