// @ts-check
/** Custom elements that render themselves whenever a signal they read changes. */
import { render } from "./html.js";
import { effect, signal, untracked } from "./signals.js";

/** @typedef {import("./html.js").Markup} Markup */
/** @typedef {import("./app.js").App} App */

/**
 * What the base of every component and view can do.
 *
 * `static properties = {photo: null}` declares reactive properties with their defaults. `view()` says
 * what the element shows. `mounted()` may start what must stop again: that is kept with `untilGone`.
 */
class Base extends HTMLElement {
  /** @type {Record<string, unknown>} */
  static properties = {};
  /** @type {App} */
  app = /** @type {any} */ (null);
  /** @type {(() => void)[]} */
  #ends = [];

  connectedCallback() {
    untracked(() => {
      this.#ends = [effect(() => this.#show(this.view()))];
      this.mounted();
    });
  }

  /** What rendering reads of other elements is not what this one depends on. @param {Markup | null} markup */
  #show(markup) {
    untracked(() => render(this, markup));
  }

  disconnectedCallback() {
    for (const end of this.#ends.splice(0)) end();
  }

  /** @returns {Markup | null} */
  view() {
    return null;
  }

  mounted() {}

  /**
   * Keeps what must be undone when the element leaves the page.
   * @param {() => void} end
   */
  untilGone(end) {
    this.#ends.push(end);
  }

  /**
   * Runs now and on changes, for as long as the element is on the page.
   * @param {() => void} work
   */
  whenever(work) {
    this.untilGone(effect(work));
  }

  /**
   * Tells those above.
   * @param {string} type
   * @param {unknown} [detail]
   */
  emit(type, detail) {
    return untracked(() => this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, cancelable: true })));
  }

  /**
   * The first element inside that a selector means; null if there is none.
   * @param {string} selector
   * @returns {any}
   */
  find(selector) {
    return this.querySelector(selector);
  }
}

/**
 * The base of every component and view. Which properties there are, each says in `properties`.
 * @type {{new (): Base & Record<string, any>, properties: Record<string, unknown>}}
 */
export const KithElement = Base;

/**
 * Makes the tag known, once.
 * @param {string} tag
 * @param {typeof KithElement} type
 */
export function define(tag, type) {
  if (customElements.get(tag)) return;
  for (const [name, initial] of Object.entries(type.properties)) reactive(type, name, initial);
  customElements.define(tag, type);
}

/** @param {typeof KithElement} type @param {string} name @param {unknown} initial */
function reactive(type, name, initial) {
  const kept = Symbol(name);
  /** @param {any} element */
  const signalOf = (element) => (element[kept] ??= signal(initial));
  Object.defineProperty(type.prototype, name, {
    get() {
      return signalOf(this).value;
    },
    set(value) {
      signalOf(this).value = value;
    },
  });
}
