// @ts-check
/** The one place that speaks with the server. */

/** What the server refused, in its own words (RFC 9457). */
export class ApiError extends Error {
  /** @param {number} status @param {{title?: string, detail?: string, message?: string, advice?: string, type?: string, at?: number}} problem */
  constructor(status, problem) {
    super(problem.detail || problem.title || problem.message || "Something went wrong.");
    this.status = status;
    this.type = problem.type ?? "about:blank";
    this.advice = problem.advice ?? "";
    this.at = problem.at ?? null;
  }
}

/**
 * A client of the API.
 *
 * @typedef {{query?: Record<string, unknown>, signal?: AbortSignal}} Asking
 * @typedef {ReturnType<typeof createApi>} Api
 * @param {string} base where the API lies, e.g. "/api/v1"
 * @param {{onUnauthorized?: (error: ApiError) => void, bearer?: () => Promise<Record<string, string>>}} [hooks] bearer: what
 *   says with each request who asks, where that is no cookie
 */
export function createApi(base, { onUnauthorized = () => {}, bearer = async () => ({}) } = {}) {
  const root = new URL(base.replace(/\/?$/, "/"), document.baseURI);
  let csrf = "";

  /** @param {string} path @param {Record<string, unknown>} [query] */
  function url(path, query = {}) {
    const whole = new URL(path.replace(/^\//, ""), root);
    for (const [name, value] of Object.entries(query)) {
      if (value !== null && value !== undefined && value !== "") whole.searchParams.set(name, String(value));
    }
    return whole;
  }

  /** @param {string} method @param {string} path @param {Asking & {body?: BodyInit, headers?: Record<string, string>}} asking */
  async function ask(method, path, { query, signal, body, headers = {} }) {
    const answer = await reach(url(path, query), { method, signal, body, headers: { ...(await bearer()), ...headers }, credentials: "include" });
    if (!answer.ok) {
      const error = new ApiError(answer.status, await problemOf(answer));
      if (error.status === 401) onUnauthorized(error);
      throw error;
    }
    return answer.status === 204 ? null : answer.json();
  }

  /** @param {string} method @param {string} path @param {unknown} [body] @param {Asking & {headers?: Record<string, string>}} [asking] */
  function send(method, path, body, { headers, ...asking } = {}) {
    const raw = body instanceof Blob || body instanceof FormData;
    return ask(method, path, {
      ...asking,
      body: body === undefined ? undefined : raw ? body : JSON.stringify(body),
      headers: {
        ...(body === undefined || raw ? {} : { "Content-Type": "application/json" }),
        ...(csrf ? { "X-Kith-CSRF": csrf } : {}),
        "Idempotency-Key": crypto.randomUUID(),
        ...headers,
      },
    });
  }

  return {
    url,
    /** @param {string | null} token the token that writes must carry */
    useCsrf(token) {
      csrf = token ?? "";
    },
    /** @param {string} path @param {Record<string, unknown>} [query] @param {AbortSignal} [signal] @returns {Promise<any>} */
    get: (path, query, signal) => ask("GET", path, { query, signal }),
    /** @param {string} path @param {unknown} [body] @param {Asking & {headers?: Record<string, string>}} [asking] @returns {Promise<any>} */
    post: (path, body, asking) => send("POST", path, body, asking),
    /** @param {string} path @param {unknown} [body] @param {Asking & {headers?: Record<string, string>}} [asking] @returns {Promise<any>} */
    patch: (path, body, asking) => send("PATCH", path, body, asking),
    /** @param {string} path @param {unknown} [body] @returns {Promise<any>} */
    delete: (path, body) => send("DELETE", path, body),
    /** Where a picture of an answer lies. @param {string | null | undefined} address */
    picture: (address) => (address ? new URL(address, root).href : ""),
    /** @returns {EventSource} */
    events: () => new EventSource(url("events"), { withCredentials: true }),
  };
}

/** @param {URL | string} url @param {RequestInit} options */
export async function reach(url, options) {
  try {
    return await fetch(url, options);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, { title: "The library cannot be reached.", advice: "Is it still running?" });
  }
}

/** @param {Response} answer */
async function problemOf(answer) {
  try {
    return await answer.json();
  } catch {
    return { title: `The library answered ${answer.status}.` };
  }
}
