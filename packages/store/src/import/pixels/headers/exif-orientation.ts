/** How a camera was held, from the EXIF part of an image file: a TIFF directory of its own. */

const ORIENTATION_TAG = 0x0112;
const ENTRY_BYTES = 12;
const UPRIGHT = 1;
const ORIENTATION_MAX = 8;

/** 1 to 8; 1 (upright) where the part does not tell or cannot be read. */
export function findExifOrientation(exif: Buffer): number {
  const order = exif.toString('latin1', 0, 2);
  if (exif.length < 8 || (order !== 'II' && order !== 'MM')) return UPRIGHT;
  const read16 = (at: number) => (order === 'II' ? exif.readUInt16LE(at) : exif.readUInt16BE(at));
  const directory = order === 'II' ? exif.readUInt32LE(4) : exif.readUInt32BE(4);
  if (directory + 2 > exif.length) return UPRIGHT;
  const entries = read16(directory);
  for (let entry = 0; entry < entries; entry++) {
    const start = directory + 2 + entry * ENTRY_BYTES;
    if (start + ENTRY_BYTES > exif.length) return UPRIGHT;
    if (read16(start) !== ORIENTATION_TAG) continue;
    const orientation = read16(start + 8);
    return orientation >= UPRIGHT && orientation <= ORIENTATION_MAX ? orientation : UPRIGHT;
  }
  return UPRIGHT;
}
