// @ts-check
/** Fingers, mouse and wheel on the stage. */

const SWIPE_PART = 0.18;
const SWIPE_SPEED = 0.45;
const DISMISS_PX = 110;
const DOUBLE_MS = 300;
const STILL_PX = 8;
const CLOSER = 2.5;

/**
 * Listens until the answer is called.
 * @param {import("./stage.js").KithStage} stage
 */
export function followGestures(stage) {
  /** @type {Map<number, PointerEvent>} */
  const fingers = new Map();
  const start = { x: 0, y: 0, time: 0, tap: 0, axis: "" };

  /** @param {Event} event */
  function onControl({ target }) {
    const control = /** @type {Element} */ (target).closest("button, a, input, [data-own-gestures]");
    return Boolean(control && stage.contains(control));
  }

  /** @param {{clientX: number, clientY: number}} at */
  function fromMiddle({ clientX, clientY }) {
    const { left, top, width, height } = stage.getBoundingClientRect();
    return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
  }

  /** @param {number} factor @param {{clientX: number, clientY: number}} at */
  function zoom(factor, at) {
    stage.zoomed.zoom(factor, fromMiddle(at), stage.fitted, stage.room);
    stage.place();
  }

  /** @param {number} x @param {number} y @param {boolean} settled */
  function drag(x, y, settled) {
    const track = /** @type {HTMLElement | null} */ (stage.querySelector(".stage-track"));
    if (!track) return;
    track.style.transition = settled ? "" : "none";
    track.style.transform = x || y ? `translate(${x}px, ${y}px)` : "";
  }

  /** @param {PointerEvent} event */
  function down(event) {
    if (event.button || onControl(event)) return;
    fingers.set(event.pointerId, event);
    if (fingers.size === 1) Object.assign(start, { x: event.clientX, y: event.clientY, time: event.timeStamp, axis: "" });
    if (event.pointerType === "mouse") event.preventDefault();
  }

  /** @param {PointerEvent} event */
  function move(event) {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    if (!stage.hasPointerCapture(event.pointerId)) stage.setPointerCapture(event.pointerId);
    if (fingers.size === 2) pinch(before, event);
    else if (stage.zoomed.scale > 1) pan(before, event);
    else if (event.pointerType !== "mouse") swipe(event);
    fingers.set(event.pointerId, event);
  }

  /** @param {PointerEvent} before @param {PointerEvent} now */
  function pinch(before, now) {
    const other = [...fingers.values()].find(({ pointerId }) => pointerId !== now.pointerId);
    if (!other) return;
    const apart = (/** @type {PointerEvent} */ one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    start.axis = "pinch";
    zoom(apart(now) / apart(before), { clientX: (now.clientX + other.clientX) / 2, clientY: (now.clientY + other.clientY) / 2 });
  }

  /** @param {PointerEvent} before @param {PointerEvent} now */
  function pan(before, now) {
    start.axis = "pan";
    stage.zoomed.move(now.clientX - before.clientX, now.clientY - before.clientY, stage.fitted, stage.room);
    stage.place();
  }

  /** @param {PointerEvent} now */
  function swipe(now) {
    const [x, y] = [now.clientX - start.x, now.clientY - start.y];
    if (start.axis === "pinch") return;
    if (!start.axis && Math.hypot(x, y) > STILL_PX) start.axis = Math.abs(x) > Math.abs(y) ? "x" : "y";
    if (start.axis === "x") drag((x < 0 ? stage.after : stage.before) ? x : x / 4, 0, false);
    if (start.axis === "y" && y > 0) drag(0, y, false);
  }

  /** @param {PointerEvent} event */
  function up(event) {
    if (!fingers.delete(event.pointerId) || fingers.size) return;
    const [x, y] = [event.clientX - start.x, event.clientY - start.y];
    const speed = Math.abs(x) / Math.max(1, event.timeStamp - start.time);
    const step = x < 0 ? 1 : -1;
    drag(0, 0, true);
    if (start.axis === "x" && (Math.abs(x) > stage.room.width * SWIPE_PART || speed > SWIPE_SPEED)) stage.emit("step", step);
    else if (start.axis === "y" && y > DISMISS_PX) stage.emit("dismiss");
    else if (!start.axis && Math.hypot(x, y) < STILL_PX) tap(event);
  }

  /** @param {PointerEvent} event */
  function tap(event) {
    const again = event.timeStamp - start.tap < DOUBLE_MS;
    start.tap = again ? 0 : event.timeStamp;
    if (again) zoom(stage.zoomed.scale > 1 ? 0 : CLOSER, event);
    else stage.emit("tapped");
  }

  /** @param {WheelEvent} event */
  function wheel(event) {
    if (onControl(event)) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400)), event);
  }

  /** @type {[string, (event: any) => void][]} */
  const listeners = [["pointerdown", down], ["pointermove", move], ["pointerup", up], ["pointercancel", up], ["wheel", wheel]];
  for (const [type, listener] of listeners) stage.addEventListener(type, listener, { passive: false });
  return () => {
    for (const [type, listener] of listeners) stage.removeEventListener(type, listener);
  };
}
