// @ts-check
/** Every view, and the path it has. A view's files are asked for when somebody first goes there. */

/** @type {import("./core/router.js").Route[]} */
export const ROUTES = [
  { path: "/", tag: "kith-timeline", title: "Photos", load: () => import("./views/timeline/timeline.js") },
  { path: "/albums", tag: "kith-albums", title: "Albums", load: () => import("./views/albums/albums.js") },
  { path: "/albums/:id", tag: "kith-album", title: "Album", load: () => import("./views/album/album.js") },
  { path: "/photos/:id", tag: "kith-photo", title: "Photo", over: true, load: () => import("./views/photo/photo.js") },
  { path: "/jobs", tag: "kith-jobs", title: "Jobs", load: () => import("./views/jobs/jobs.js") },
  { path: "/more", tag: "kith-more", title: "More", load: () => import("./views/more/more.js") },
  { path: "/people", tag: "kith-people", title: "People", load: () => import("./views/people/people.js") },
  { path: "/people/:id", tag: "kith-person", title: "Person", load: () => import("./views/person/person.js") },
  { path: "/review", tag: "kith-review", title: "Review", load: () => import("./views/review/review.js") },
  { path: "/search", tag: "kith-search", title: "Find a face", load: () => import("./views/search/search.js") },
  { path: "/history", tag: "kith-history", title: "History", load: () => import("./views/history/history.js") },
  { path: "/links", tag: "kith-links", title: "Links", load: () => import("./views/links/links.js") },
  { path: "/settings", tag: "kith-settings", title: "Settings", load: () => import("./views/settings/settings.js") },
  { path: "/login", tag: "kith-login", title: "Log in", bare: true, load: () => import("./views/login/login.js") },
  { path: "/setup", tag: "kith-setup", title: "Set up", bare: true, load: () => import("./views/setup/setup.js") },
  { path: "/s/:token", tag: "kith-shared", title: "Shared photos", bare: true, guests: true, load: () => import("./views/shared/shared.js") },
  { path: "/s/:token/photos/:id", tag: "kith-shared-photo", title: "Photo", bare: true, guests: true, over: true, load: () => import("./views/shared/shared-photo.js") },
];

/** Those of an album that was written as files (`kith export --site`): everybody is a guest. */
/** @type {import("./core/router.js").Route[]} */
export const SITE_ROUTES = [
  { path: "/", tag: "kith-shared", title: "", bare: true, guests: true, load: () => import("./views/shared/shared.js") },
  { path: "/photos/:id", tag: "kith-shared-photo", title: "Photo", bare: true, guests: true, over: true, load: () => import("./views/shared/shared-photo.js") },
];
