// @ts-check
/** `<kith-links .app .query>`: the links that guests have, and making another one. */
import { confirm, register as registerDialog } from "../../components/dialog/dialog.js";
import { register as registerMenu } from "../../components/menu/menu.js";
import { failed, register as registerState } from "../../components/state/state.js";
import { define, KithElement } from "../../core/element.js";
import { counted } from "../../core/format.js";
import { html } from "../../core/html.js";
import { signal, untracked } from "../../core/signals.js";
import { icon } from "../../icons/icons.js";
import { askTerms, showMade } from "./terms.js";

/**
 * @typedef {object} Link
 * @property {string} id
 * @property {string} url
 * @property {string} query
 * @property {string} title
 * @property {string} by
 * @property {string} created_at
 * @property {string | null} expires_at
 * @property {boolean} password
 * @property {boolean} download
 * @property {boolean} people
 * @property {boolean} find_me
 * @property {number} opened
 * @property {string | null} last_opened_at
 * @property {boolean} revoked
 * @property {boolean} works
 */

const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" });
const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export class KithLinks extends KithElement {
  static properties = { query: null };

  #links = signal(/** @type {Link[] | null} */ (null));
  #failure = signal(/** @type {any} */ (null));

  mounted() {
    this.whenever(() => {
      if (this.app.library.value) untracked(() => this.#load());
    });
    const title = this.query?.get("title");
    if (title) {
      const query = this.query.get("query") ?? "";
      this.app.router.note({ title: "", query: "" });
      void this.#make({ title, query });
    }
    this.untilGone(this.app.keys.add("Links", [{ keys: ["c"], label: "Make a link", run: () => void this.#make() }]));
  }

  async #load() {
    try {
      this.#links.value = (await this.app.api.get("links")).links;
      this.#failure.value = null;
    } catch (error) {
      this.#failure.value = error;
    }
  }

  view() {
    return html`<div class="view links">
      <header class="view-head"><h1>Links</h1><button class="button" data-kind="primary" type="button" @click=${() => this.#make()}>${icon("add")}Make a link</button></header>
      ${this.#failure.value ? failed(this.#failure.value, () => this.#load()) : this.#list()}
    </div>`;
  }

  #list() {
    const links = this.#links.value;
    if (!links) return html`<div class="link-list" role="status" aria-label="Loading links">${[1, 2, 3].map(() => html`<div class="skeleton link-skeleton"></div>`)}</div>`;
    if (!links.length) return html`<kith-state .image=${"link"} .heading=${"No links yet"} .text=${"A link shows some of your photos to guests, without an account. It can end on a day, need a password, and be revoked."}></kith-state>`;
    const [working, ended] = [links.filter(({ works }) => works), links.filter(({ works }) => !works)];
    return html`${working.length ? html`<ul class="link-list">${working.map((link) => this.#card(link))}</ul>` : null}
      ${ended.length ? html`<h2 class="links-ended">No longer working</h2><ul class="link-list">${ended.map((link) => this.#card(link))}</ul>` : null}`;
  }

  /** @param {Link} link */
  #card(link) {
    const { id, title, query, works, opened, last_opened_at, by } = link;
    return html`<li class="link-card" key="${id}" ?data-ended=${!works}>
      <div class="link-title"><h2>${title}</h2><span class="link-query">${query || "All photos"}</span></div>
      ${works ? html`<div class="link-deeds">
        <button class="button" type="button" aria-label="Copy the link to ${title}" @click=${() => this.#copy(link)}>${icon("link")}Copy</button>
        <kith-menu .label=${`More for ${title}`} .items=${this.#deeds(link)}></kith-menu></div>` : null}
      <div class="link-marks">${marks(link)}</div>
      <p class="soft small number">${opened ? `Opened ${counted(opened, "time")}${last_opened_at ? `, last on ${WHEN.format(new Date(last_opened_at))}` : ""}` : "Not opened yet"} · made by ${by}</p>
    </li>`;
  }

  /** @param {Link} link */
  #deeds(link) {
    return [
      { label: "Open as a guest", image: "eye", run: () => window.open(link.url, "_blank", "noopener") },
      { label: "Change", image: "edit", run: () => this.#change(link) },
      { label: "Revoke", image: "delete", bad: true, run: () => this.#revoke(link) },
    ];
  }

  /** @param {Partial<Link>} [wished] */
  async #make(wished = {}) {
    const terms = await askTerms(wished);
    const link = terms && (await this.app.attempt(this.app.api.post("links", terms)));
    if (!link) return;
    await this.#load();
    await showMade(link, () => this.#copy(link));
  }

  /** @param {Link} link */
  async #change(link) {
    const terms = await askTerms(link);
    if (!terms || !(await this.app.attempt(this.app.api.patch(`links/${link.id}`, terms)))) return;
    this.app.toasts.show({ text: "The link is changed. Its address stays the same." });
    await this.#load();
  }

  /** @param {Link} link */
  async #revoke({ id, title }) {
    const sure = await confirm({ heading: `Revoke the link to ${title}?`, text: "Whoever has it sees nothing from now on. This cannot be undone, but you can make another link.", yes: "Revoke", bad: true });
    if (!sure || (await this.app.attempt(this.app.api.delete(`links/${id}`).then(() => true))) === null) return;
    this.app.toasts.show({ text: `The link to ${title} leads nowhere now.` });
    await this.#load();
  }

  /** @param {Link} link */
  async #copy({ url }) {
    const copied = await navigator.clipboard?.writeText(url).then(() => true, () => false);
    this.app.toasts.show(copied ? { text: "The link is copied." } : { text: url });
  }
}

/** @param {Link} link */
function marks({ revoked, works, expires_at, password, download, people, find_me }) {
  const mark = (/** @type {any} */ image, /** @type {string} */ text, bad = false) => html`<span class="link-mark" ?data-bad=${bad}>${icon(image)}${text}</span>`;
  const ends = expires_at ? DAY.format(new Date(expires_at)) : null;
  return html`
    ${revoked ? mark("close", "Revoked", true) : !works ? mark("date", `Ended on ${ends}`, true) : ends ? mark("date", `Until ${ends}`) : mark("date", "Never ends")}
    ${password ? mark("lock", "Password") : null}
    ${download ? mark("download", "Download") : null}
    ${people ? mark("people", "People") : null}
    ${find_me ? mark("selfie", "Find me") : null}`;
}

export function register() {
  for (const each of [registerDialog, registerMenu, registerState]) each();
  define("kith-links", KithLinks);
}
