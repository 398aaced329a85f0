// @ts-check
/** Short messages, and the way back from what was just done. */
import { signal } from "./signals.js";

/** @typedef {{id: number, text: string, tone: "plain" | "bad", action: {label: string, run(): void} | null}} Toast */

const SHOWN_MS = 8000;

export function createToasts() {
  const shown = signal(/** @type {Toast[]} */ ([]));
  const counter = { last: 0 };

  /** @param {{text: string, tone?: Toast["tone"], action?: Toast["action"]}} toast */
  function show({ text, tone = "plain", action = null }) {
    const id = ++counter.last;
    shown.value = [...shown.peek().slice(-2), { id, text, tone, action }];
    setTimeout(() => hide(id), SHOWN_MS);
  }

  /** @param {number} id */
  function hide(id) {
    shown.value = shown.peek().filter((toast) => toast.id !== id);
  }

  /** @param {any} error */
  function refuse(error) {
    show({ text: [error.message, error.advice].filter(Boolean).join(" "), tone: "bad" });
  }

  return { shown, show, hide, refuse };
}
