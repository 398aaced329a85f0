// @ts-check
/** `<kith-query-error .query .error>`: a query that was not understood, and the place where it was not. */
import { define, KithElement } from "../../core/element.js";
import { html } from "../../core/html.js";

export class KithQueryError extends KithElement {
  static properties = { query: "", error: null };

  view() {
    const { message, advice, at } = this.error;
    const place = Math.min(at ?? this.query.length, this.query.length);
    const end = Math.max(place + 1, this.#endOfWord(place));
    return html`<div class="query-error" role="alert">
      <p class="query-error-text">${this.query.slice(0, place)}<mark>${this.query.slice(place, end) || " "}</mark>${this.query.slice(end)}</p>
      <h1>${message}</h1>
      ${advice ? html`<p class="soft">${advice}</p>` : null}
    </div>`;
  }

  /** @param {number} place */
  #endOfWord(place) {
    const quoted = this.query.lastIndexOf('"', place) >= 0 && this.query.indexOf('"', place) >= 0;
    const end = this.query.indexOf(quoted ? '"' : " ", place);
    return end < 0 ? this.query.length : end;
  }
}

export function register() {
  define("kith-query-error", KithQueryError);
}
