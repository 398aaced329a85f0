// @ts-check
/** `<kith-more .app>`: the places that the tab bar of a phone has no room for. */
import { NAVIGATION, shownTo } from "../../components/shell/navigation.js";
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";
import { icon } from "../../icons/icons.js";

export class KithMore extends KithElement {
  view() {
    const { app } = this;
    const places = NAVIGATION.filter((entry) => !entry.bar && shownTo(app, entry));
    return html`<div class="view more">
      <header class="view-head"><h1>More</h1></header>
      <ul class="more-list">${places.map(({ path, title, image }) => html`<li><a class="more-link" href="${app.router.href(path)}">${icon(image)}<span>${title}</span>${icon("forward")}</a></li>`)}</ul>
      <p class="soft small">${app.library.value?.name}</p>
    </div>`;
  }
}

export function register() {
  define("kith-more", KithMore);
}
