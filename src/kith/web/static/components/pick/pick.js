// @ts-check
/** The round mark that picks something; it lies in the corner of what it picks. */
import { html } from "../../core/html.js";
import { icon } from "../../icons/icons.js";

const LONG_PRESS_MS = 420;
const STILL_PX = 9;

/**
 * @param {string} label what is picked
 * @param {boolean} picked
 * @param {(event: MouseEvent) => void} toggle
 */
export function pickMark(label, picked, toggle) {
  return html`<button class="pick" type="button" role="checkbox" aria-checked="${String(picked)}" aria-label="Select: ${label}" @click=${toggle}>${icon("check")}</button>`;
}

/**
 * A finger that rests on something picks it. Listens until the answer is called.
 * @param {HTMLElement} root
 * @param {string} selector what can be picked
 * @param {(element: HTMLElement) => void} pick
 */
export function pickByLongPress(root, selector, pick) {
  const press = { timer: 0, x: 0, y: 0, long: false };
  const released = () => clearTimeout(press.timer);

  /** @param {PointerEvent} event */
  function pressed(event) {
    const element = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest(selector));
    press.long = false;
    if (!element || event.pointerType === "mouse") return;
    [press.x, press.y] = [event.clientX, event.clientY];
    press.timer = window.setTimeout(() => {
      press.long = true;
      pick(element);
      navigator.vibrate?.(8);
    }, LONG_PRESS_MS);
  }

  /** @param {PointerEvent} event */
  function moved(event) {
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) > STILL_PX) released();
  }

  /** What was pressed for long is not opened as well. @param {Event} event */
  function swallow(event) {
    if (!press.long) return;
    press.long = event.type === "contextmenu";
    event.preventDefault();
    event.stopPropagation();
  }

  /** @type {[string, (event: any) => void, boolean?][]} */
  const listeners = [
    ["pointerdown", pressed], ["pointermove", moved], ["pointerup", released], ["pointercancel", released],
    ["click", swallow, true], ["contextmenu", swallow, true],
  ];
  for (const [type, listener, capture] of listeners) root.addEventListener(type, listener, capture);
  return () => {
    released();
    for (const [type, listener, capture] of listeners) root.removeEventListener(type, listener, capture);
  };
}
