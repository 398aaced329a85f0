// @ts-check
/** Numbers, dates and sizes as people write them, in the language of the browser. */

const NUMBER = new Intl.NumberFormat();
const MONTH = new Intl.DateTimeFormat(undefined, { month: "long", year: "numeric", timeZone: "UTC" });
const SHORT_MONTH = new Intl.DateTimeFormat(undefined, { month: "short", year: "numeric", timeZone: "UTC" });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const PLAIN_DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const SHORT_DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });

/** @param {number} count */
export const number = (count) => NUMBER.format(count);

/** @param {number} count @param {string} one @param {string} [many] */
export const counted = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

/** @param {string | null} month such as "2024-06" or "2023-11..2024-06" @param {boolean} [short] */
export function monthName(month, short = false) {
  if (!month) return "No date";
  const [from, to = from] = month.split("..").map((each) => new Date(`${each}-01T00:00:00Z`));
  const years = to.getUTCFullYear() - from.getUTCFullYear();
  if (years > 0) return years > 1 ? `${from.getUTCFullYear()} – ${to.getUTCFullYear()}` : SHORT_MONTH.formatRange(from, to);
  return (short ? SHORT_MONTH : MONTH).formatRange(from, to);
}

/** The day on the camera's own clock, whatever zone the one who looks is in. @param {string} taken */
export const day = (taken) => DAY.format(onItsOwnClock(taken));
/** @param {string} taken */
export const plainDay = (taken) => PLAIN_DAY.format(onItsOwnClock(taken));
/** @param {string} taken */
export const shortDay = (taken) => SHORT_DAY.format(onItsOwnClock(taken));
/** @param {string} taken */
export const clock = (taken) => CLOCK.format(onItsOwnClock(taken));

/** @param {string | null} first @param {string | null} last */
export function span(first, last) {
  if (!first || !last) return "";
  return monthName(`${first.slice(0, 7)}..${last.slice(0, 7)}`, true);
}

/** @param {number} bytes */
export function size(bytes) {
  const units = ["bytes", "KB", "MB", "GB", "TB"];
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}

/** @param {number} similarity percent */
export const percent = (similarity) => `${Math.floor(similarity)}%`;

/** What a photo is called where it cannot be seen. @param {{taken_at: string | null, face_count: number}} photo */
export function photoLabel(photo) {
  const when = photo.taken_at ? `Photo of ${plainDay(photo.taken_at)}` : "Photo without a date";
  return photo.face_count ? `${when}, ${counted(photo.face_count, "face")}` : when;
}

/** @param {string} taken */
function onItsOwnClock(taken) {
  const clockOnly = taken.length > 10 ? taken.slice(0, 19) : `${taken}T00:00:00`;
  return new Date(`${clockOnly}Z`);
}
