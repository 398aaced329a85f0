// @ts-check
/** Pictures to search with: large ones are made smaller before they are sent, so that they arrive everywhere. */

/** Bytes. A function takes six millions of a request, written with a third more letters than it has. */
const MOST = 4_000_000;
/** Pixels of the longer side; a face that is hardly seen at this size is not recognized at any. */
const SIDE = 2048;

/** The picture, or a smaller one; what this browser cannot read stays as it is. @param {File} file @returns {Promise<Blob>} */
export async function shrunk(file) {
  if (file.size <= MOST) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
  } catch {
    return file;
  }
}
