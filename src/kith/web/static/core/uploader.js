// @ts-check
/**
 * Sends photos in parts, two at a time. What breaks off goes on where it was: at once, after the network
 * is back, and, when the same file is given again, after the page was closed. Where a store takes them in, each is sent to it whole.
 */
import { ApiError, reach } from "./api.js";
import { signal } from "./signals.js";

/**
 * @typedef {object} Upload
 * @property {number} id
 * @property {File} file
 * @property {"waiting" | "sending" | "done" | "known" | "refused"} state
 * @property {number} sent bytes
 * @property {string} problem
 */

const AT_ONCE = 2;
const HASHED_BYTES = 96 * 1024 * 1024;
const PATIENCE_MS = [1000, 3000, 8000, 20_000];
const MEMORY = "kith-uploads";

/** @param {import("./api.js").Api} api @param {() => boolean} toStore whether photos are sent to a store */
export function createUploader(api, toStore = () => false) {
  const uploads = signal(/** @type {Upload[]} */ ([]));
  const stopped = new AbortController();
  const state = { last: 0, running: 0, stopping: stopped };

  /** @param {Iterable<File>} files */
  function add(files) {
    const fresh = [...files].map((file) => /** @type {Upload} */ ({ id: ++state.last, file, state: "waiting", sent: 0, problem: "" }));
    uploads.value = [...uploads.peek(), ...fresh];
    while (state.running < AT_ONCE && next()) void work();
  }

  const next = () => uploads.peek().find((each) => each.state === "waiting");

  async function work() {
    state.running += 1;
    for (let upload = next(); upload; upload = next()) await send(upload.id);
    state.running -= 1;
  }

  /** @param {number} id @param {Partial<Upload>} news */
  function note(id, news) {
    uploads.value = uploads.peek().map((each) => (each.id === id ? { ...each, ...news } : each));
  }

  /** @param {number} id */
  async function send(id) {
    const upload = uploads.peek().find((each) => each.id === id);
    if (!upload) return;
    note(id, { state: "sending" });
    try {
      note(id, await sendFile(upload.file, (sent) => note(id, { sent })));
    } catch (error) {
      note(id, { state: "refused", problem: /** @type {Error} */ (error).message });
    }
  }

  /** @param {File} file @param {(sent: number) => void} tell @returns {Promise<Partial<Upload>>} */
  async function sendFile(file, tell) {
    const signal = state.stopping.signal;
    if (toStore()) return patiently(() => sendToStore(file, signal), signal);
    const begun = await begin(file);
    if (begun.photo_id) return { state: "known", sent: file.size };
    let offset = begun.offset;
    while (offset < file.size) {
      tell(offset);
      offset = await patiently(() => part(begun, offset, file, signal), signal);
    }
    const finished = await patiently(() => api.post(`uploads/${begun.id}/finish`), signal);
    remember(file, null);
    return finished.problem ? { state: "refused", problem: finished.problem } : { state: "done", sent: file.size };
  }

  /** @param {File} file @param {AbortSignal} signal @returns {Promise<Partial<Upload>>} */
  async function sendToStore(file, signal) {
    const { photo_id, url, fields } = await api.post("uploads/form", {
      name: file.name, size: file.size, modified_at: new Date(file.lastModified).toISOString(), sha256: await hashOf(file),
    });
    if (photo_id) return { state: "known", sent: file.size };
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
    form.append("file", file);
    const answer = await reach(url, { method: "POST", body: form, signal });
    if (!answer.ok) throw new ApiError(answer.status, { title: `The store answered ${answer.status}.` });
    return { state: "done", sent: file.size };
  }

  /** @param {File} file @returns {Promise<{id: string, offset: number, part_size: number, photo_id: string | null}>} */
  async function begin(file) {
    const before = remembered()[keyOf(file)];
    const there = before && (await api.get(`uploads/${before.id}`).catch(() => null));
    if (there) return { ...before, offset: there.offset, photo_id: null };
    const begun = await patiently(async () => api.post("uploads", {
      name: file.name, size: file.size, modified_at: new Date(file.lastModified).toISOString(), sha256: await hashOf(file),
    }), state.stopping.signal);
    if (!begun.photo_id) remember(file, { id: begun.id, part_size: begun.part_size });
    return begun;
  }

  /** @param {{id: string, part_size: number}} upload @param {number} offset @param {File} file @param {AbortSignal} signal */
  async function part({ id, part_size }, offset, file, signal) {
    const body = file.slice(offset, offset + part_size, "application/octet-stream");
    try {
      return (await api.patch(`uploads/${id}`, body, { headers: { "Upload-Offset": String(offset) }, signal })).offset;
    } catch (error) {
      if (/** @type {any} */ (error).status !== 409) throw error;
      return (await api.get(`uploads/${id}`)).offset;
    }
  }

  function clear() {
    state.stopping.abort();
    state.stopping = new AbortController();
    uploads.value = [];
  }

  return { uploads, add, clear };
}

/**
 * Tries again while the network is away or the server busy.
 * @template T
 * @param {() => Promise<T>} doing
 * @param {AbortSignal} signal
 * @returns {Promise<T>}
 */
async function patiently(doing, signal) {
  for (const wait of [...PATIENCE_MS, null]) {
    try {
      return await doing();
    } catch (error) {
      const passing = [0, 429, 502, 503, 504].includes(/** @type {any} */ (error).status);
      if (!passing || wait === null || signal.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  throw new Error("unreachable");
}

/** So that what the library has already is not sent. Only safe origins can hash. @param {File} file */
async function hashOf(file) {
  if (!globalThis.crypto?.subtle || file.size > HASHED_BYTES) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {File} file */
const keyOf = ({ name, size, lastModified }) => `${name}|${size}|${lastModified}`;

/** @returns {Record<string, {id: string, part_size: number}>} */
function remembered() {
  try {
    return JSON.parse(localStorage.getItem(MEMORY) ?? "{}");
  } catch {
    return {};
  }
}

/** @param {File} file @param {{id: string, part_size: number} | null} upload null: it need not be remembered any more */
function remember(file, upload) {
  const { [keyOf(file)]: _, ...others } = remembered();
  try {
    localStorage.setItem(MEMORY, JSON.stringify(upload ? { ...others, [keyOf(file)]: upload } : others));
  } catch {
    // Where nothing may be stored, an upload goes on only while the page is open.
  }
}
