// @ts-check
/** What can be done with photos that are picked. */
import { counted } from "../../core/format.js";
import { addToAlbum } from "../add-to-album/add-to-album.js";

/** @typedef {{id: string, name: string, kind: string}} Album */

/**
 * @param {import("../../core/app.js").App} app
 * @param {import("../../core/selection.js").Selection} selection
 * @param {Album} [album] the one that one looks at
 * @returns {(import("./pick-bar.js").Deed | false)[]}
 */
export function photoDeeds(app, selection, album) {
  if (!app.mayEdit()) return [];
  /** @param {(ids: string[]) => Promise<unknown>} deed */
  const ending = (deed) => async (/** @type {string[]} */ ids) => {
    if (await deed(ids)) selection.clear();
  };
  return [
    album ? { label: "Feature photo", image: "cover", most: 1, run: ending(([id]) => feature(app, album, id)) } : false,
    album?.kind === "picked" ? { label: "Take out", image: "close", run: ending((ids) => takeOut(app, album, ids)) } : false,
    { label: "Add to album", image: "album", kind: "primary", run: ending((ids) => addToAlbum(app, ids)) },
  ];
}

/** @param {import("../../core/app.js").App} app @param {Album} album @param {string} id */
async function feature(app, { id: album, name }, id) {
  const changed = await app.attempt(app.api.patch(`albums/${album}`, { feature_photo_id: id }));
  if (!changed) return false;
  app.toasts.show({ text: `${name} has a new feature photo.` });
  app.live.touch();
  return true;
}

/** @param {import("../../core/app.js").App} app @param {Album} album @param {string[]} ids */
async function takeOut(app, { id, name }, ids) {
  const photos = { photo_ids: ids };
  if (!(await app.attempt(app.api.delete(`albums/${id}/photos`, photos)))) return false;
  const again = () => app.attempt(app.api.post(`albums/${id}/photos`, photos)).then(app.live.touch);
  app.toasts.show({ text: `${counted(ids.length, "photo")} taken out of ${name}.`, action: { label: "Undo", run: again } });
  app.live.touch();
  return true;
}
