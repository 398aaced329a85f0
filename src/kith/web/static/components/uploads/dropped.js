// @ts-check
/** What was dropped: files, and all pictures in folders. */

const PICTURE = /\.(avif|bmp|gif|heic|heif|jfif|jpe?g|jxl|mpo|png|tiff?|webp)$/i;

/** @param {DragEvent} event */
export function holdsFiles(event) {
  return Boolean(event.dataTransfer?.types.includes("Files"));
}

/** @param {DataTransfer} dropped @returns {Promise<File[]>} */
export async function droppedFiles(dropped) {
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry !== null && entry !== undefined);
  if (!entries.length) return [...dropped.files];
  const found = await Promise.all(entries.map(filesOf));
  return found.flat();
}

/** @param {any} entry @returns {Promise<File[]>} */
async function filesOf(entry) {
  if (entry.isFile) return isPicture(entry.name) ? [await new Promise((resolve, reject) => entry.file(resolve, reject))] : [];
  const inside = await entriesOf(entry.createReader());
  return (await Promise.all(inside.map(filesOf))).flat();
}

/** A folder answers with a part of its entries each time, with none at the end. @param {any} reader @returns {Promise<any[]>} */
async function entriesOf(reader) {
  const all = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return all;
    all.push(...some);
  }
}

/** @param {string} name */
const isPicture = (name) => PICTURE.test(name) && !name.startsWith(".");
