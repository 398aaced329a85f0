// @ts-check
/** The places of the rail and, where `bar` says so, of the tab bar of a phone. */

/**
 * @typedef {object} Entry
 * @property {string} path
 * @property {string} title
 * @property {import("../../icons/icons.js").IconName} image
 * @property {boolean} [bar]
 * @property {"editor" | "owner"} [needs] who sees it
 */

/** @type {readonly Entry[]} */
export const NAVIGATION = [
  { path: "/", title: "Photos", image: "photos", bar: true },
  { path: "/people", title: "People", image: "people", bar: true },
  { path: "/albums", title: "Albums", image: "album", bar: true },
  { path: "/review", title: "Review", image: "review", bar: true, needs: "editor" },
  { path: "/search", title: "Find a face", image: "selfie" },
  { path: "/links", title: "Links", image: "link", needs: "editor" },
  { path: "/history", title: "History", image: "history" },
  { path: "/jobs", title: "Jobs", image: "jobs" },
  { path: "/settings", title: "Settings", image: "settings" },
  { path: "/more", title: "More", image: "more", bar: true },
];

/**
 * Whether somebody has use for a place.
 * @param {import("../../core/app.js").App} app
 * @param {Entry} entry
 */
export function shownTo(app, { path, needs }) {
  return app.router.has(path) && (!needs || (needs === "owner" ? app.isOwner() : app.mayEdit()));
}
