// @ts-check
/** Starts the page. */
import { register } from "./components/shell/shell.js";
import { createApp } from "./core/app.js";
import { ROUTES, SITE_ROUTES } from "./routes.js";

/** @param {string} name */
const told = (name) => /** @type {HTMLMetaElement | null} */ (document.querySelector(`meta[name="${name}"]`))?.content;
const site = told("kith-site");
const app = site ? createApp(SITE_ROUTES, { site }) : createApp(ROUTES, { api: told("kith-api") ?? "/api/v1" });

register();
const shell = /** @type {import("./components/shell/shell.js").KithShell} */ (document.createElement("kith-shell"));
shell.app = app;
document.body.append(shell);
app.keys.start();
app.router.start();
app.enter().catch(app.toasts.refuse);
