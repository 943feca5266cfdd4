/** The parts that a PNG file has, and what they claim. */
import { accept, type Checked, refuse } from '../../refusal.ts';
import { findExifOrientation } from './exif-orientation.ts';
import { findClaimFault, type ImageHeader, PLAIN_HEADER } from './image-header.ts';

export const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const HEADER_BYTES = 33;
const HEADER_CHUNK_BYTES = 13;
/** Length, type and checksum of a part. */
const CHUNK_FRAME_BYTES = 12;
/** Colour types: grey alone or with alpha, entries of a palette, and colours with alpha. */
const GREY = 0;
const PALETTE = 3;
const GREY_WITH_ALPHA = 4;
const COLOURS_WITH_ALPHA = 6;

/** Reads what the file claims; a fault when its header is damaged or claims more than an import decodes. */
export function readPngHeader(file: Buffer): Checked<ImageHeader> {
  const isReadable = file.length >= HEADER_BYTES && file.readUInt32BE(8) === HEADER_CHUNK_BYTES;
  if (!isReadable || file.toString('latin1', 12, 16) !== 'IHDR') {
    return refuse('UNREADABLE', 'Its PNG header is damaged.');
  }
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const refused = findClaimFault(width, height);
  if (refused) return refused;
  const colourType = file[25];
  const chunks = listChunks(file);
  const exif = chunks.get('eXIf');
  return accept({
    ...PLAIN_HEADER,
    format: 'PNG',
    width,
    height,
    bitDepth: file[24] as number,
    isGrey: colourType === GREY || colourType === GREY_WITH_ALPHA,
    hasPalette: colourType === PALETTE,
    isInterlaced: file[28] === 1,
    hasTransparency:
      colourType === GREY_WITH_ALPHA || colourType === COLOURS_WITH_ALPHA || chunks.has('tRNS'),
    hasProfile: chunks.has('iCCP'),
    orientation: exif ? findExifOrientation(exif) : 1,
    isWhole: chunks.has('IEND'),
  });
}

/** The parts that the file has in whole, by type; of several the first. */
function listChunks(file: Buffer): Map<string, Buffer> {
  const chunks = new Map<string, Buffer>();
  for (let start = PNG_SIGNATURE.length; start + CHUNK_FRAME_BYTES <= file.length; ) {
    const end = start + CHUNK_FRAME_BYTES + file.readUInt32BE(start);
    if (end > file.length) break;
    const type = file.toString('latin1', start + 4, start + 8);
    if (!chunks.has(type)) chunks.set(type, file.subarray(start + 8, end - 4));
    start = end;
  }
  return chunks;
}
