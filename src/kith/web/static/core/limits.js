// @ts-check
/** What the server does not let pass, so that forms need not ask it. */

/** Characters of a password, at least. */
export const SHORTEST_PASSWORD = 10;
