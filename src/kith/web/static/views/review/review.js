// @ts-check
/** `<kith-review .app>`: are these two the same person? One question after the other, answered with one key. */
import { failed, register as registerState } from "../../components/state/state.js";
import { define, KithElement } from "../../core/element.js";
import { counted, number, percent } from "../../core/format.js";
import { html } from "../../core/html.js";
import { signal, untracked } from "../../core/signals.js";
import { icon } from "../../icons/icons.js";

/**
 * @typedef {import("../../components/face-card/face-card.js").Face & {photo_id: string, large_crop_url: string}} Face
 * @typedef {{id: string, person: {id: string, name: string | null} | null, face_count: number, photo_count: number, faces: Face[]}} Side
 * @typedef {{id: string, similarity: number, settles: number, one: Side, other: Side}} Question
 * @typedef {"yes" | "no" | "skip"} Answer
 */

/** Questions that are ready while one is looked at, and when more are asked for. */
const AHEAD = 10;
const FEW = 4;

export class KithReview extends KithElement {
  #questions = signal(/** @type {Question[] | null} */ (null));
  #remaining = signal(0);
  #answered = signal(0);
  #failure = signal(/** @type {any} */ (null));
  #said = signal("");
  /** Answers are sent one after the other, in the order in which they were given. */
  #sending = Promise.resolve();
  #given = new Set();

  mounted() {
    this.whenever(() => {
      if (this.app.library.value) untracked(() => this.#load());
    });
    this.untilGone(this.app.keys.add("Review", [
      { keys: ["y"], label: "The same person", run: () => this.#answer("yes") },
      { keys: ["n"], label: "Different people", run: () => this.#answer("no") },
      { keys: ["s"], label: "Skip", run: () => this.#answer("skip") },
      { keys: ["u"], label: "Take the last answer back", run: () => void this.#undo() },
    ]));
    this.untilGone(() => this.app.live.touch());
  }

  async #load() {
    try {
      const answer = await this.app.api.get("review", { limit: AHEAD });
      const fresh = answer.questions.filter((/** @type {Question} */ { id }) => !this.#given.has(id));
      this.#questions.value = fresh;
      this.#remaining.value = Math.max(fresh.length, answer.remaining);
      this.#answered.value = answer.answered;
      this.#failure.value = null;
      this.#preload(fresh);
    } catch (error) {
      this.#failure.value = error;
    }
  }

  /** @param {Question[]} questions */
  #preload(questions) {
    for (const { one, other } of questions) {
      for (const { faces: [first, ...others] } of [one, other]) {
        for (const address of [first?.large_crop_url, ...others.map(({ crop_url }) => crop_url)]) {
          if (address) new Image().src = this.app.api.picture(address);
        }
      }
    }
  }

  /** Shows the next question at once; what was said is sent meanwhile. @param {Answer} answer */
  #answer(answer) {
    const [question, ...rest] = this.#questions.peek() ?? [];
    if (!question) return;
    this.#given.add(question.id);
    this.#questions.value = rest;
    this.#said.value = spoken(question, answer);
    if (answer !== "skip") {
      this.#remaining.value = Math.max(rest.length, this.#remaining.peek() - 1);
      this.#answered.value += 1;
    }
    this.#sending = this.#sending.then(() => this.#send(question, answer));
  }

  /** @param {Question} question @param {Answer} answer */
  async #send(question, answer) {
    try {
      await this.app.api.post(`review/${encodeURIComponent(question.id)}`, { answer });
    } catch (error) {
      // What another answer settled meanwhile needs none.
      if (/** @type {any} */ (error).status !== 404) this.app.toasts.refuse(error);
    }
    const left = this.#questions.peek() ?? [];
    if (left.length > FEW) return;
    this.#given = new Set(left.length ? this.#given : []);
    await this.#load();
  }

  async #undo() {
    await this.#sending;
    const answer = await this.app.attempt(this.app.api.post("review/undo"));
    if (!answer) return;
    const { question } = answer;
    if (!question) return this.app.toasts.show({ text: "There is no answer to take back." });
    this.#given.delete(question.id);
    this.#questions.value = [question, ...(this.#questions.peek() ?? []).filter(({ id }) => id !== question.id)];
    this.#remaining.value += 1;
    this.#answered.value = Math.max(0, this.#answered.peek() - 1);
    this.#said.value = "Taken back.";
    return undefined;
  }

  view() {
    if (this.#failure.value) return failed(this.#failure.value, () => this.#load());
    const questions = this.#questions.value;
    return html`<div class="view review">
      <header class="review-head"><h1>Same person?</h1>${questions ? this.#progress() : null}</header>
      ${questions ? questions.length ? this.#question(questions[0]) : this.#done() : html`<div class="review-sides" role="status" aria-label="Loading questions"><div class="review-side skeleton"></div><div class="review-side skeleton"></div></div>`}
      <p class="visually-hidden" role="status">${this.#said.value}</p>
    </div>`;
  }

  #progress() {
    const [left, done] = [this.#remaining.value, this.#answered.value];
    if (!left && !done) return null;
    return html`<div class="review-progress"><progress class="progress" max="${Math.max(1, left + done)}" value="${done}" aria-label="Answered"></progress>
      <span class="soft small number">${left ? `${number(left)} left` : "All answered"}</span></div>`;
  }

  #done() {
    return html`<kith-state .image=${"check"} .heading=${"Nothing left to ask"} .text=${this.#answered.value ? `You answered ${counted(this.#answered.value, "question")}. New questions come with new photos.` : "When two people look alike, Kith asks here whether they are one."} .action=${{ label: "People", href: "people" }}></kith-state>
      ${this.#answered.value ? html`<p class="review-back"><button class="button" type="button" @click=${() => this.#undo()}>${icon("undo")}Take the last answer back</button></p>` : null}`;
  }

  /** @param {Question} question */
  #question(question) {
    return html`<div class="review-question" key="${question.id}">
      <div class="review-sides">
        ${this.#side(question.one)}
        <div class="review-likeness" aria-label="${percent(question.similarity)} similar"><strong class="number">${percent(question.similarity)}</strong><span>similar</span></div>
        ${this.#side(question.other)}
      </div>
      <p class="review-settles soft">${settles(question)}</p>
      <div class="review-answers" role="group" aria-label="Answer">
        ${answerButton("close", "Different", "n", "", () => this.#answer("no"))}
        ${answerButton("forward", "Skip", "s", "plain", () => this.#answer("skip"))}
        ${answerButton("undo", "Undo", "u", "plain", () => void this.#undo(), !this.#answered.value)}
        ${answerButton("check", "Same", "y", "primary", () => this.#answer("yes"))}
      </div>
    </div>`;
  }

  /** @param {Side} side */
  #side({ person, face_count, photo_count, faces }) {
    const [first, ...others] = faces;
    const name = person?.name ?? (person ? "Someone without a name" : "A face");
    const picture = (/** @type {Face} */ face, /** @type {string} */ kind, /** @type {string} */ address) => html`<a class="${kind}" href="photos/${face.photo_id}" aria-label="Photo of ${name}"><img alt="" src="${this.app.api.picture(address)}"></a>`;
    return html`<section class="review-side" aria-label="${name}">
      ${first ? picture(first, "review-face", first.large_crop_url) : null}
      <ul class="review-others">${others.slice(0, 4).map((face) => html`<li key="${face.id}">${picture(face, "review-other", face.crop_url)}</li>`)}</ul>
      <h2>${person ? html`<a href="people/${person.id}" ?data-unnamed=${!person.name}>${person.name ?? "No name yet"}</a>` : "A face of its own"}</h2>
      <p class="soft small number">${face_count > 1 || photo_count > 1 ? `${counted(face_count, "face")} in ${counted(photo_count, "photo")}` : "One photo"}</p>
    </section>`;
  }
}

/** @param {import("../../icons/icons.js").IconName} image @param {string} label @param {string} key @param {string} kind @param {() => void} run @param {boolean} [off] */
function answerButton(image, label, key, kind, run, off = false) {
  return html`<button class="button review-answer" type="button" data-kind="${kind}" data-answer="${label.toLowerCase()}" aria-keyshortcuts="${key}" ?disabled=${off} @click=${run}>${icon(image)}<span>${label}</span><kbd aria-hidden="true">${key}</kbd></button>`;
}

/** What a yes would do. @param {Question} question */
function settles({ one, other, settles: faces }) {
  if (one.person?.name) return `If they are the same, ${faces === 1 ? "1 face gets" : `${number(faces)} faces get`} the name ${one.person.name}.`;
  return `If they are the same, ${number(one.face_count + other.face_count)} faces become one person.`;
}

/** What a screen reader says after an answer. @param {Question} question @param {Answer} answer */
function spoken({ one, settles: faces }, answer) {
  if (answer === "skip") return "Skipped.";
  if (answer === "no") return "Different people.";
  return `${counted(faces, "face")} put together with ${one.person?.name ?? "the other"}.`;
}

export function register() {
  registerState();
  define("kith-review", KithReview);
}
