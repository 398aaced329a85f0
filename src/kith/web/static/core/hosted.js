// @ts-check
/**
 * Logging in where the host of this page knows who may look: at its own login page (OAuth 2.0 with PKCE, RFC 7636),
 * which `settings.json` beside this page names. The token that one comes back with goes along with every request, and
 * is forgotten when the tab is closed.
 */

const KEPT = "kith-hosted";
/** A token that ends so soon is renewed first. */
const SPARE_MS = 60_000;

/** @typedef {{login: string, client_id: string}} Settings where one logs in, and as what */
/** @typedef {{state?: string, verifier?: string, next?: string, token?: string, renewal?: string, ends?: number}} Kept */
/** @typedef {ReturnType<typeof createHosted>} Hosted */

export function createHosted() {
  const page = new URL("./", document.baseURI).href;
  const known = {
    settings: /** @type {Promise<Settings> | null} */ (null),
    arriving: /** @type {Promise<string | null> | null} */ (null),
    leaving: /** @type {Promise<void> | null} */ (null),
    renewing: /** @type {Promise<void> | null} */ (null),
  };

  /** @returns {Promise<Settings>} */
  function settings() {
    known.settings ??= fetch(new URL("settings.json", page)).then((answer) => answer.json());
    return known.settings;
  }

  /** Goes where one says who one is, however many requests ask for it. @param {string} next the path to come back to */
  function begin(next) {
    known.leaving ??= goThere(next).catch((error) => {
      known.leaving = null;
      throw error;
    });
    return known.leaving;
  }

  /** @param {string} next */
  async function goThere(next) {
    const { login, client_id } = await settings();
    const [state, verifier] = [random(), random()];
    keep({ state, verifier, next });
    const challenge = written(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
    location.assign(`${login}/oauth2/authorize?${new URLSearchParams({
      response_type: "code", client_id, redirect_uri: page, scope: "openid email profile", state,
      code_challenge: challenge, code_challenge_method: "S256",
    })}`);
  }

  /** Where one was going, if one just comes back from there. */
  function arrive() {
    known.arriving ??= comeBack();
    return known.arriving;
  }

  /** @returns {Promise<string | null>} */
  async function comeBack() {
    const query = new URLSearchParams(location.search);
    const { state, verifier = "", next = "/" } = kept();
    if (!state || query.get("state") !== state) return null;
    keep({});
    const code = query.get("code");
    if (!code) throw new Error(query.get("error_description") ?? "Nobody logged in.");
    await trade({ grant_type: "authorization_code", code, redirect_uri: page, code_verifier: verifier });
    return next;
  }

  /** @param {Record<string, string>} given what a token is given for */
  async function trade(given) {
    const { login, client_id } = await settings();
    const answer = await fetch(`${login}/oauth2/token`, { method: "POST", body: new URLSearchParams({ ...given, client_id }) });
    if (!answer.ok) throw new Error("The host does not know this login any more.");
    const { id_token: token, refresh_token: renewal = kept().renewal, expires_in } = await answer.json();
    keep({ token, renewal, ends: Date.now() + expires_in * 1000 });
  }

  /** What says with a request who asks: nothing, where nobody logged in like this. @returns {Promise<Record<string, string>>} */
  async function bearer() {
    // What is asked for while one comes back waits for the token.
    await arrive().catch(() => null);
    const { renewal, ends = 0 } = kept();
    if (renewal && ends < Date.now() + SPARE_MS) {
      known.renewing ??= trade({ grant_type: "refresh_token", refresh_token: renewal }).catch(() => keep({})).finally(() => {
        known.renewing = null;
      });
      await known.renewing;
    }
    const { token } = kept();
    return token ? { Authorization: `Bearer ${token}` } : {};
  }

  /** Forgets who one is, here and at the host. */
  async function leave() {
    keep({});
    const { login, client_id } = await settings();
    location.assign(`${login}/logout?${new URLSearchParams({ client_id, logout_uri: page })}`);
  }

  return { arrive, bearer, begin, leave };
}

/** @returns {Kept} */
function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
  } catch {
    return {};
  }
}

/** @param {Kept} what */
const keep = (what) => sessionStorage.setItem(KEPT, JSON.stringify(what));

const random = () => written(crypto.getRandomValues(new Uint8Array(32)).buffer);

/** Bytes as they may stand in an address. @param {ArrayBuffer} bytes */
const written = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
