// @ts-check
/** `<kith-shell .app>`: what stands around every view: rail or tab bar, search, and what lies over the page. */
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";
import { icon, logo } from "../../icons/icons.js";
import { register as registerHelp } from "../help/help.js";
import { register as registerSearchBox } from "../search-box/search-box.js";
import { register as registerToasts } from "../toasts/toasts.js";
import { register as registerUploads } from "../uploads/uploads.js";
import { NAVIGATION, shownTo } from "./navigation.js";
import { Outlet } from "./outlet.js";

const MOST_IN_BAR = 5;

export class KithShell extends KithElement {
  mounted() {
    const outlet = new Outlet(this.app, this.find("main"), this.find(".over"));
    this.whenever(() => {
      const shown = this.app.router.shown.value;
      // After this element has shown it as well: what is still inert takes no focus.
      queueMicrotask(() => outlet.show(shown));
    });
    this.untilGone(this.app.keys.add("Everywhere", [
      { keys: ["/"], label: "Search", run: () => this.find("kith-search-box input")?.focus() },
      { keys: ["u"], label: "Undo the last change", run: () => (this.app.mayEdit() ? void this.app.undo() : false) },
      { keys: ["?"], label: "This help", run: () => this.find("kith-help").open() },
    ]));
    this.whenever(() => this.#title());
  }

  #title() {
    const { page, over } = this.app.router.shown.value;
    const title = (over ?? page)?.route.title;
    document.title = [title, this.app.library.value?.name ?? this.app.name].filter(Boolean).join(" · ");
  }

  view() {
    const { app } = this;
    const { page, over } = app.router.shown.value;
    const bare = Boolean((page ?? over)?.route.bare);
    return html`
      <a class="skip" href="#content" data-outside="true" @click=${(/** @type {Event} */ event) => this.#skip(event)}>Skip to the content</a>
      <div class="frame" ?data-bare=${bare} ?inert=${Boolean(over)}>
        ${bare ? null : this.#rail(page)}
        <div class="stage" key="stage">
          ${bare ? null : this.#top()}
          <main id="content" key="main" tabindex="-1" data-scroller data-kept></main>
        </div>
        ${bare ? null : this.#bar(page)}
      </div>
      <div class="over" data-kept></div>
      <kith-uploads .app=${app}></kith-uploads>
      <kith-toasts .app=${app}></kith-toasts>
      <kith-help .app=${app}></kith-help>`;
  }

  /** @param {import("../../core/router.js").Place | null} page */
  #rail(page) {
    const { library, mayEdit } = this.app;
    return html`<nav class="rail" key="rail" aria-label="Main">
      <a class="home" href="./" aria-label="Kith: all photos">${logo()}</a>
      <ul>${entriesOf(this.app).filter(({ path }) => path !== "/more").map((entry) => html`<li key="${entry.path}">${this.#link(entry, page)}</li>`)}</ul>
      <div class="rail-foot">
        ${mayEdit() && library.value?.features?.upload ? html`<button class="button" type="button" @click=${() => this.find("kith-uploads").choose()}>${icon("upload")}<span>Upload</span></button>` : null}
        <p class="soft small library-name">${library.value?.name}</p>
      </div>
    </nav>`;
  }

  /** @param {import("../../core/router.js").Place | null} page */
  #bar(page) {
    const entries = entriesOf(this.app);
    const shown = entries.length > MOST_IN_BAR ? entries.filter(({ bar }) => bar) : entries;
    const elsewhere = page && !shown.some((entry) => leadsTo(entry, page)) ? "/more" : "";
    return html`<nav class="bar" key="bar" aria-label="Main">
      ${shown.map((entry) => html`<span key="${entry.path}">${this.#link(entry, page, entry.path === elsewhere)}</span>`)}
    </nav>`;
  }

  #top() {
    return html`<header class="top">
      <a class="home" href="./" aria-label="Kith: all photos">${logo()}</a>
      <kith-search-box .app=${this.app}></kith-search-box>
      ${this.app.mayEdit() && this.app.library.value?.features?.upload ? html`<button class="icon-button top-upload" type="button" aria-label="Upload photos" @click=${() => this.find("kith-uploads").choose()}>${icon("upload")}</button>` : null}
      <button class="icon-button top-help" type="button" aria-label="Keyboard help" @click=${() => this.find("kith-help").open()}>${icon("help")}</button>
    </header>`;
  }

  /** @param {import("./navigation.js").Entry} entry @param {import("../../core/router.js").Place | null} page @param {boolean} [inside] what is shown lies behind it */
  #link(entry, page, inside = false) {
    const here = inside || (page && leadsTo(entry, page));
    return html`<a class="nav-link" href="${this.app.router.href(entry.path)}" ${here ? html`aria-current="page"` : null}>${icon(entry.image)}<span>${entry.title}</span></a>`;
  }

  /** @param {Event} event */
  #skip(event) {
    event.preventDefault();
    this.find("main").focus();
  }
}

/** @param {import("../../core/app.js").App} app */
const entriesOf = (app) => NAVIGATION.filter((entry) => shownTo(app, entry));

/** @param {import("./navigation.js").Entry} entry @param {import("../../core/router.js").Place} page */
function leadsTo({ path }, page) {
  return path === "/" ? page.route.path === "/" : page.path === path || page.path.startsWith(`${path}/`) || page.path.startsWith(`${path}?`);
}

export function register() {
  for (const each of [registerHelp, registerSearchBox, registerToasts, registerUploads]) each();
  define("kith-shell", KithShell);
}
