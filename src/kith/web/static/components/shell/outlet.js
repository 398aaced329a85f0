// @ts-check
/** Puts the views of the router into the page, and remembers how far each was scrolled. */

/** @typedef {import("../../core/router.js").Place} Place */

/** @typedef {import("../../core/router.js").Shown} Shown */

/** @type {Shown} */
const NOTHING = { page: null, over: null };

export class Outlet {
  #app;
  #main;
  #above;
  /** What is in the page, and what is to be: a transition may still be under way. */
  #there = NOTHING;
  #wanted = NOTHING;
  /** @type {Map<string, number>} */
  #scrolled = new Map();

  /** @param {import("../../core/app.js").App} app @param {HTMLElement} main @param {HTMLElement} above */
  constructor(app, main, above) {
    this.#app = app;
    this.#main = main;
    this.#above = above;
  }

  /** @param {Shown} shown */
  show(shown) {
    const before = this.#wanted;
    this.#wanted = shown;
    const first = !before.page && !before.over;
    if (first || !document.startViewTransition || stepsThrough(before.over, shown.over)) this.#swap();
    else this.#transition(before, shown);
  }

  /** @param {Shown} before @param {Shown} shown */
  #transition(before, shown) {
    const opened = shown.over && !before.over ? this.#tile(shown.over) : null;
    opened?.style.setProperty("view-transition-name", "photo");
    const transition = document.startViewTransition(() => {
      opened?.style.removeProperty("view-transition-name");
      const { over } = this.#there;
      this.#swap();
      const closed = over && !this.#there.over ? this.#tile(over) : null;
      closed?.style.setProperty("view-transition-name", "photo");
      transition.finished.finally(() => closed?.style.removeProperty("view-transition-name"));
    });
    transition.ready.catch(() => {});
    transition.finished.catch(() => {});
  }

  /** The picture of a photo in the page below. @param {Place} place @returns {HTMLElement | null} */
  #tile(place) {
    return this.#main.querySelector(`[data-photo="${CSS.escape(place.params.id ?? "")}"] img`);
  }

  /** Puts what is wanted last in the place of what is there. Transitions come late, and may have been overtaken. */
  #swap() {
    const [before, shown] = [this.#there, this.#wanted];
    if (before === shown) return;
    this.#there = shown;
    this.#put(this.#above, before.over, shown.over);
    if (before.page !== shown.page) this.#turn(before.page, shown.page);
    else if (before.over && !shown.over) this.#return(before.over);
  }

  /** Goes back to the photo that was looked at last, wherever one went meanwhile. @param {Place} place */
  #return({ params }) {
    const grid = /** @type {any} */ (this.#main.querySelector("kith-photo-grid"));
    grid?.comeBack(params.id);
    const link = grid ? null : this.#main.querySelector(`[data-photo="${CSS.escape(params.id)}"] a`);
    if (link instanceof HTMLElement) link.focus({ preventScroll: true });
  }

  /** @param {Place | null} from @param {Place | null} to */
  #turn(from, to) {
    if (from) this.#scrolled.set(from.path, this.#main.scrollTop);
    this.#put(this.#main, from, to);
    this.#main.scrollTop = 0;
    const back = to && this.#app.router.wasBack() ? this.#scrolled.get(to.path) : 0;
    if (back) requestAnimationFrame(() => (this.#main.scrollTop = back));
  }

  /** @param {HTMLElement} parent @param {Place | null} from @param {Place | null} to */
  #put(parent, from, to) {
    const there = /** @type {any} */ (parent.firstElementChild);
    if (there && to && from?.route === to.route) return this.#tell(there, to);
    parent.replaceChildren();
    if (!to) return undefined;
    const view = document.createElement(to.route.tag);
    this.#tell(view, to);
    return parent.append(view);
  }

  /** @param {any} view @param {Place} place */
  #tell(view, { params, query }) {
    view.app = this.#app;
    view.params = params;
    view.query = query;
  }
}

/** From one photo to the next there is nothing to animate. @param {Place | null} one @param {Place | null} other */
function stepsThrough(one, other) {
  return Boolean(one && other);
}
