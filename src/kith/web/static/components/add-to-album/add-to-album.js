// @ts-check
/** The dialog that puts photos into a hand-picked album, or into a new one. */
import { counted } from "../../core/format.js";
import { html } from "../../core/html.js";
import { icon } from "../../icons/icons.js";
import { ask } from "../dialog/dialog.js";

/**
 * @param {import("../../core/app.js").App} app
 * @param {string[]} ids
 * @returns {Promise<boolean>} whether they were added
 */
export async function addToAlbum(app, ids) {
  const answer = await app.attempt(app.api.get("albums", { kind: "picked" }));
  if (!answer) return false;
  const chosen = await ask({ heading: "Add to album", content: (/** @type {(answer: any) => void} */ choose) => choices(answer.albums, choose) });
  if (!chosen) return false;
  const album = await app.attempt(chosen.id
    ? app.api.post(`albums/${chosen.id}/photos`, { photo_ids: ids })
    : app.api.post("albums", { name: chosen.name, photo_ids: ids }));
  if (!album) return false;
  const { id, name } = chosen.id ? chosen : album;
  app.toasts.show({
    text: `${counted(ids.length, "photo")} added to ${name}.`,
    action: { label: "Show", run: () => app.router.go(`/albums/${id}`) },
  });
  app.live.touch();
  return true;
}

/** @param {{id: string, name: string, photo_count: number}[]} albums @param {(chosen: {id?: string, name: string}) => void} choose */
function choices(albums, choose) {
  const made = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const name = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("name")).trim();
    if (name) choose({ name });
  };
  return html`<form class="album-new" @submit=${made}>
      <label class="label">New album<input class="field" name="name" placeholder="Name" required maxlength="200" autocomplete="off"></label>
      <button class="button" data-kind="primary">Create</button>
    </form>
    ${albums.length ? html`<ul class="album-choices" aria-label="Albums">${albums.map((album) => html`<li><button class="album-choice" type="button" @click=${() => choose(album)}>
      ${icon("album")}<span>${album.name}</span><span class="soft small">${counted(album.photo_count, "photo")}</span></button></li>`)}</ul>` : null}`;
}
