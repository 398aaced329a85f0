// @ts-check
/** `<kith-uploads .app>`: photos dropped anywhere on the page are sent; a card shows how far they are. */
import { define, KithElement } from "../../core/element.js";
import { counted, number, size } from "../../core/format.js";
import { html } from "../../core/html.js";
import { signal } from "../../core/signals.js";
import { createUploader } from "../../core/uploader.js";
import { icon } from "../../icons/icons.js";
import { droppedFiles, holdsFiles } from "./dropped.js";

export class KithUploads extends KithElement {
  #uploader = /** @type {ReturnType<typeof createUploader>} */ (/** @type {unknown} */ (null));
  #over = signal(false);
  #open = signal(false);

  connectedCallback() {
    this.#uploader ??= createUploader(this.app.api, () => !this.app.library.value?.features.jobs);
    super.connectedCallback();
  }

  mounted() {
    const depth = { of: 0 };
    const may = (/** @type {DragEvent} */ event) => this.app.mayEdit() && this.app.library.value?.features?.upload && holdsFiles(event) && !event.defaultPrevented;
    this.#listen("dragenter", (event) => {
      if (may(event)) this.#over.value = ++depth.of > 0;
    });
    this.#listen("dragleave", (event) => {
      if (may(event)) this.#over.value = --depth.of > 0;
    });
    this.#listen("dragover", (event) => may(event) && event.preventDefault());
    this.#listen("drop", async (event) => {
      depth.of = 0;
      this.#over.value = false;
      if (!may(event)) return;
      event.preventDefault();
      this.#add(await droppedFiles(/** @type {DataTransfer} */ (event.dataTransfer)));
    });
    this.#listen("beforeunload", (event) => this.#busy() && event.preventDefault());
  }

  /** @param {string} type @param {(event: any) => void} listener */
  #listen(type, listener) {
    addEventListener(type, listener);
    this.untilGone(() => removeEventListener(type, listener));
  }

  /** Asks which files to send. */
  choose() {
    this.find("input").click();
  }

  /** @param {File[]} files */
  #add(files) {
    if (!files.length) this.app.toasts.show({ text: "There was no picture in what you dropped.", tone: "bad" });
    this.#uploader.add(files);
  }

  #busy() {
    return this.#uploader.uploads.peek().some(({ state }) => state === "waiting" || state === "sending");
  }

  #looking() {
    return this.app.live.jobs.value.some(({ kind, state }) => kind === "uploads" && (state === "waiting" || state === "running"));
  }

  view() {
    const uploads = this.#uploader.uploads.value;
    return html`
      <input hidden type="file" multiple accept="image/*,.heic,.heif,.avif" aria-label="Photos to upload" @change=${(/** @type {Event} */ event) => this.#chosen(event)}>
      ${this.#over.value ? html`<div class="drop-veil"><div class="drop-target">${icon("upload")}<strong>Drop to add photos</strong></div></div>` : null}
      ${uploads.length ? this.#card(uploads) : null}`;
  }

  /** @param {Event} event */
  #chosen(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    this.#uploader.add([...(input.files ?? [])]);
    input.value = "";
  }

  /** @param {import("../../core/uploader.js").Upload[]} uploads */
  #card(uploads) {
    const count = (/** @type {string} */ state) => uploads.filter((each) => each.state === state).length;
    const [whole, sent] = [sum(uploads.map(({ file }) => file.size)), sum(uploads.map((each) => each.sent))];
    const busy = this.#busy();
    const refused = uploads.filter(({ state }) => state === "refused");
    return html`<section class="uploads" aria-label="Uploads">
      <header class="uploads-head">
        <div><strong>${busy ? `Uploading ${counted(uploads.length, "photo")}` : summary(count("done"), count("known"))}</strong>
          <p class="soft small number" role="status">${busy ? `${size(sent)} of ${size(whole)}` : refused.length ? `${number(refused.length)} refused` : this.#looking() ? "Kith is looking for faces in them." : this.app.library.value?.features.jobs ? "They are in the library." : "They will be in the library in a minute."}</p></div>
        ${refused.length ? html`<button class="button" data-kind="plain" type="button" aria-expanded="${String(this.#open.value)}" @click=${() => { this.#open.value = !this.#open.value; }}>Details</button>` : null}
        <button class="icon-button" type="button" aria-label="${busy ? "Stop uploading" : "Close"}" @click=${() => this.#uploader.clear()}>${icon("close")}</button>
      </header>
      ${busy ? html`<progress class="progress" max="${Math.max(1, whole)}" value="${sent}" aria-label="Uploading"></progress>` : null}
      ${this.#open.value ? html`<ul class="uploads-refused">${refused.map(({ file, problem }) => html`<li><strong>${file.name}</strong><p class="soft small">${problem}</p></li>`)}</ul>` : null}
    </section>`;
  }
}

/** @param {number} done @param {number} known */
function summary(done, known) {
  return [done || !known ? `${counted(done, "photo")} uploaded` : "", known ? `${number(known)} already here` : ""].filter(Boolean).join(", ");
}

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);

export function register() {
  define("kith-uploads", KithUploads);
}
