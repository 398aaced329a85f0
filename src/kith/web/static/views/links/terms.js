// @ts-check
/** The dialog in which a link is described, and the one that hands it over. */
import { ask } from "../../components/dialog/dialog.js";
import { html } from "../../core/html.js";
import { icon } from "../../icons/icons.js";

/** @typedef {import("./links.js").Link} Link */

const CHOICES = /** @type {const} */ ([
  ["download", "Download", "Guests may have the originals."],
  ["people", "People", "Guests see who is in the photos. Hidden people stay hidden."],
  ["find_me", "Find me", "Guests may look for themselves with a picture, which is not kept."],
]);
const LEAST_PASSWORD = 4;

/**
 * Asks what a link shows, how long and to whom.
 * @param {Partial<Link>} link as it is, or what is wished for
 * @returns {Promise<Record<string, unknown> | null>}
 */
export function askTerms(link) {
  const made = Boolean(link.id);
  return ask({ heading: made ? "Change the link" : "Make a link", content: (/** @type {(terms: Record<string, unknown>) => void} */ choose) => html`
    <form class="link-form" @submit=${(/** @type {SubmitEvent} */ event) => choose(termsOf(event, link))}>
      <label class="label">Title<input class="field" name="title" value="${link.title ?? ""}" required maxlength="200" autocomplete="off" autofocus></label>
      <label class="label">Photos<input class="field" name="query" value="${link.query ?? ""}" autocomplete="off" spellcheck="false" placeholder='album:"Summer" or person:"Ana"'><span class="soft">A query. Without one, guests see every photo.</span></label>
      <div class="link-row">
        <label class="label">Ends after<input class="field" type="date" name="expires" value="${dayOf(link.expires_at)}" min="${tomorrow()}"><span class="soft">Empty: never.</span></label>
        <label class="label">Password<input class="field" type="text" name="password" minlength="${LEAST_PASSWORD}" maxlength="200" autocomplete="off" spellcheck="false" placeholder="${link.password ? "As before" : "None"}"><span class="soft">At least ${LEAST_PASSWORD} characters.</span></label>
      </div>
      <fieldset class="link-choices"><legend class="visually-hidden">What guests may do</legend>
        ${CHOICES.map(([name, label, text]) => html`<label class="link-choice"><input type="checkbox" name="${name}" ?checked=${Boolean(link[name])}><span><strong>${label}</strong><span class="soft small">${text}</span></span></label>`)}
        ${link.password ? html`<label class="link-choice"><input type="checkbox" name="open"><span><strong>Remove the password</strong></span></label>` : null}
      </fieldset>
      <footer class="dialog-foot"><button class="button" data-kind="primary">${made ? "Save" : "Make the link"}</button></footer>
    </form>` });
}

/** @param {SubmitEvent} event @param {Partial<Link>} link */
function termsOf(event, link) {
  event.preventDefault();
  const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
  const text = (/** @type {string} */ name) => String(form.get(name) ?? "").trim();
  const day = text("expires");
  const password = text("password");
  return {
    title: text("title"),
    query: text("query"),
    expires_at: day === dayOf(link.expires_at) ? link.expires_at ?? null : day ? endOf(day) : null,
    ...(password ? { password } : form.has("open") ? { password: null } : {}),
    ...Object.fromEntries(CHOICES.map(([name]) => [name, form.has(name)])),
  };
}

/** The last moment of a day, where one is. @param {string} day */
const endOf = (day) => new Date(`${day}T23:59:59`).toISOString();

/** The day of a moment, where one is, as a field of dates takes it. @param {string | null | undefined} moment */
function dayOf(moment) {
  if (!moment) return "";
  const local = new Date(moment);
  return new Date(local.getTime() - local.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

function tomorrow() {
  const day = new Date();
  day.setDate(day.getDate() + 1);
  return dayOf(day.toISOString());
}

/** @param {Link} link @param {() => void} copy */
export function showMade({ url, title }, copy) {
  return ask({ heading: `The link to ${title}`, content: (choose) => html`
    <p class="soft">Whoever has it sees these photos.</p>
    <div class="link-made"><input class="field" readonly value="${url}" aria-label="Address" @focus=${(/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).select()}>
      <button class="button" data-kind="primary" type="button" autofocus @click=${() => { copy(); choose(true); }}>${icon("link")}Copy</button></div>` });
}
