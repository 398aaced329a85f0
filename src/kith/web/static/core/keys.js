// @ts-check
/** The keyboard: who listens to which key, and what the help shows. */
import { signal } from "./signals.js";

/**
 * @typedef {object} Shortcut
 * @property {string[]} keys as KeyboardEvent.key names them, e.g. "ArrowLeft", "x", "?"
 * @property {string} label what it does, for the help; empty: not shown
 * @property {(event: KeyboardEvent) => void | false} run `false`: somebody else may have the key
 * @property {boolean} [typing] also while text is being typed
 */

/** @typedef {{title: string, shortcuts: Shortcut[]}} Scope */
/** @typedef {ReturnType<typeof createKeys>} Keys */

export function createKeys() {
  const scopes = signal(/** @type {Scope[]} */ ([]));

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = isTyping(event.target);
    for (const scope of scopes.peek().toReversed()) {
      for (const shortcut of scope.shortcuts) {
        if (!shortcut.keys.includes(event.key) || (typing && !shortcut.typing)) continue;
        if (shortcut.run(event) === false) continue;
        event.preventDefault();
        return;
      }
    }
  }

  return {
    scopes,
    /**
     * Listens until the answer is called; who came last is asked first.
     * @param {string} title
     * @param {Shortcut[]} shortcuts
     */
    add(title, shortcuts) {
      const scope = { title, shortcuts };
      scopes.value = [...scopes.peek(), scope];
      return () => {
        scopes.value = scopes.peek().filter((other) => other !== scope);
      };
    },
    start: () => document.addEventListener("keydown", pressed),
  };
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  const field = target.closest("input, textarea, select, [contenteditable]");
  return Boolean(field) && !["checkbox", "radio", "range", "button"].includes(/** @type {any} */ (field).type);
}
