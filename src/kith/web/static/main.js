// @ts-check
/** Starts the page. */
import { register } from "./components/shell/shell.js";
import { createApp } from "./core/app.js";
import { ROUTES } from "./routes.js";

const meta = /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name="kith-api"]'));
const app = createApp(ROUTES, meta?.content ?? "/api/v1");

register();
const shell = /** @type {import("./components/shell/shell.js").KithShell} */ (document.createElement("kith-shell"));
shell.app = app;
document.body.append(shell);
app.keys.start();
app.router.start();
app.enter().catch(app.toasts.refuse);
