// @ts-check
/**
 * Which view the address means.
 *
 * A route may lie `over` the page: a photo that was opened from an album leaves the album as it was,
 * scrolled where it was, and closing goes back to it.
 */
import { signal } from "./signals.js";

/**
 * @typedef {object} Route
 * @property {string} path such as "/albums/:id"
 * @property {string} tag the custom element that shows it
 * @property {string} title
 * @property {() => Promise<{register(): void}>} load
 * @property {boolean} [over] lies over the page it was opened from
 * @property {boolean} [bare] without the shell around it
 * @property {boolean} [guests] for those who have no account
 */

/**
 * @typedef {object} Place
 * @property {Route} route
 * @property {Record<string, string>} params
 * @property {URLSearchParams} query
 * @property {string} path with its query
 */

/** @typedef {{page: Place | null, over: Place | null}} Shown */
/** @typedef {ReturnType<typeof createRouter>} Router */

/** @param {readonly Route[]} routes @param {{inHash?: boolean}} [how] inHash: for hosts that know no paths but those of files */
export function createRouter(routes, { inHash = false } = {}) {
  const { pathOf, href, leadsInside } = inHash ? afterHash() : asPaths();
  const known = routes.map((route) => ({ route, pattern: patternOf(route.path) }));
  const shown = signal(/** @type {Shown} */ ({ page: null, over: null }));
  const last = { back: false, number: 0 };
  /** Those whose view is here. @type {Set<Route>} */
  const loaded = new Set();

  const here = () => pathOf(new URL(location.href));

  /** @param {string} address @returns {Place} */
  function placeOf(address) {
    const { pathname, search, searchParams: query } = apart(address);
    for (const { route, pattern } of known) {
      const match = pattern.exec(pathname);
      if (match) return { route, params: decoded(match.groups), query, path: pathname + search };
    }
    return { route: routes[0], params: {}, query, path: "/" };
  }

  /**
   * Shows what the address means: at once if its view is here, so that whoever is fast misses no step.
   * @param {boolean} back whether the browser's own buttons led here
   */
  async function follow(back) {
    last.back = back;
    const number = ++last.number;
    const place = placeOf(here());
    if (!loaded.has(place.route)) {
      (await place.route.load()).register();
      loaded.add(place.route);
      // Whoever has gone elsewhere while a view was loading is not pulled back to it.
      if (number !== last.number) return;
    }
    const { page } = shown.peek();
    // What stood before everything, such as the login, has nothing lie over it.
    const below = page?.route.bare && !place.route.bare ? null : page;
    shown.value = place.route.over ? { page: below, over: place } : { page: samePlace(page, place), over: null };
  }

  /** @param {string} path @param {{replace?: boolean}} [how] */
  function go(path, { replace = false } = {}) {
    const within = Boolean(shown.peek().page) && (!replace || history.state?.within);
    history[replace ? "replaceState" : "pushState"]({ within }, "", href(path));
    return follow(false);
  }

  return {
    shown,
    go,
    /** The address of a path of this page, for links. @param {string} path */
    href,
    /** @param {string} path whether a route is of this very path */
    has: (path) => routes.some((route) => route.path === path),
    here,
    /** Where a path leads inside the page; the first view if it leads to none, or to one that stands before it. */
    /** @param {string} path */
    inside(path) {
      const place = placeOf(path);
      return place.route.bare ? "/" : place.path;
    },
    /** Whether guests may be here, so that nobody has to log in. */
    forGuests: () => Boolean(placeOf(here()).route.guests),
    /** Whether the browser's own buttons led here. */
    wasBack: () => last.back,
    /** Leaves what lies over the page. */
    /** @param {string} [otherwise] where to go if nothing lies below */
    close(otherwise = "/") {
      if (history.state?.within) history.back();
      else go(otherwise, { replace: true });
    },
    /** Changes the query of the address and tells nobody. */
    /** @param {Record<string, string>} query */
    note(query) {
      const url = apart(here());
      for (const [name, value] of Object.entries(query)) {
        if (value) url.searchParams.set(name, value);
        else url.searchParams.delete(name);
      }
      history.replaceState(history.state, "", href(url.pathname + url.search));
    },
    start() {
      addEventListener("popstate", () => follow(true));
      document.addEventListener("click", (event) => {
        const link = linkOf(event);
        if (!link) return;
        const url = new URL(link.href);
        if (!leadsInside(url)) return;
        event.preventDefault();
        go(pathOf(url));
      });
      return follow(false);
    },
  };
}

/** Paths are those of the address, below `<base href>`: the host answers every one with the page. */
function asPaths() {
  const inside = new URL(document.baseURI);
  const base = inside.pathname.replace(/\/$/, "");
  return {
    /** @param {URL} url */
    pathOf: (url) => url.pathname.slice(base.length) + url.search,
    /** @param {string} path */
    href: (path) => base + path,
    /** @param {URL} url */
    leadsInside: (url) => url.origin === inside.origin && url.pathname.startsWith(inside.pathname),
  };
}

/** Paths stand behind `#`, which no host is asked for. */
function afterHash() {
  return {
    /** @param {URL} url */
    pathOf: (url) => url.hash.slice(1),
    /** @param {string} path */
    href: (path) => `#${path}`,
    /** @param {URL} url */
    leadsInside: (url) => url.origin === location.origin && url.pathname === location.pathname && url.hash.startsWith("#/"),
  };
}

/** A path of this page in its parts. @param {string} path */
function apart(path) {
  return new URL(`http://page/${path.replace(/^\//, "")}`);
}

/** The page that is there already stays, so that closing what lay over it changes nothing. */
/** @param {Place | null} before @param {Place} now */
function samePlace(before, now) {
  return before?.path === now.path ? before : now;
}

/** @param {string} path */
function patternOf(path) {
  return new RegExp(`^${path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}/?$`);
}

/** @param {Record<string, string> | undefined} groups */
function decoded(groups = {}) {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
}

/** @param {MouseEvent} event @returns {HTMLAnchorElement | null} */
function linkOf(event) {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = /** @type {Element} */ (event.target).closest?.("a[href]");
  if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute("download")) return null;
  return link.dataset.outside ? null : link;
}
