// @ts-check
/** The places of the rail and, where `bar` says so, of the tab bar of a phone. */

/**
 * @typedef {object} Entry
 * @property {string} path
 * @property {string} title
 * @property {import("../../icons/icons.js").IconName} image
 * @property {boolean} [bar]
 * @property {"editor" | "owner"} [needs] who sees it
 * @property {boolean} [guests] for where guests can come
 * @property {boolean} [works] for where there are jobs: a server that stays
 */

/** @type {readonly Entry[]} */
export const NAVIGATION = [
  { path: "/", title: "Photos", image: "photos", bar: true },
  { path: "/people", title: "People", image: "people", bar: true },
  { path: "/albums", title: "Albums", image: "album", bar: true },
  { path: "/review", title: "Review", image: "review", bar: true, needs: "editor", works: true },
  { path: "/search", title: "Find a face", image: "selfie" },
  { path: "/links", title: "Links", image: "link", needs: "editor", guests: true },
  { path: "/history", title: "History", image: "history" },
  { path: "/jobs", title: "Jobs", image: "jobs", works: true },
  { path: "/settings", title: "Settings", image: "settings" },
  { path: "/more", title: "More", image: "more", bar: true },
];

/**
 * Whether somebody has use for a place.
 * @param {import("../../core/app.js").App} app
 * @param {Entry} entry
 */
export function shownTo(app, { path, needs, guests, works }) {
  if (guests && !app.hasGuests()) return false;
  if (works && app.library.value?.features?.jobs === false) return false;
  return app.router.has(path) && (!needs || (needs === "owner" ? app.isOwner() : app.mayEdit()));
}
