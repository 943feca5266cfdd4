/**
 * The outside of a PNG file: what it says it is and which parts it has, read before any decoder is let near it.
 */
import { IMPORT_LIMITS } from '../import-limits.ts';
import { accept, type Checked, refuse } from '../refusal.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const HEADER_BYTES = 33;
const HEADER_CHUNK_BYTES = 13;
/** Length, type and checksum of a part. */
const CHUNK_FRAME_BYTES = 12;
/** Colour types: grey alone or with alpha, and colours with alpha. */
const GREY = 0;
const GREY_WITH_ALPHA = 4;
const COLOURS_WITH_ALPHA = 6;

export type PngHeader = {
  /** In pixels, as claimed. */
  width: number;
  height: number;
  /** Of one colour of one pixel, or of an entry number of the palette. */
  bitDepth: number;
  isGrey: boolean;
  /** Whether any pixel may be transparent: by an alpha channel, a transparent colour or entries of the palette. */
  hasTransparency: boolean;
  hasProfile: boolean;
  /** Whether the part that ends a PNG is there. */
  isWhole: boolean;
};

/** Reads what the file claims; a fault when the bytes are no PNG or claim more than an import decodes. */
export function readPngHeader(bytes: Uint8Array): Checked<PngHeader> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (file.length === 0) return refuse('NOT_A_PNG', 'It is empty.');
  if (!file.subarray(0, SIGNATURE.length).equals(SIGNATURE)) {
    return refuse('NOT_A_PNG', 'It is not a PNG image, although its name says so.');
  }
  const isReadable = file.length >= HEADER_BYTES && file.readUInt32BE(8) === HEADER_CHUNK_BYTES;
  if (!isReadable || file.toString('latin1', 12, 16) !== 'IHDR') {
    return refuse('UNREADABLE', 'Its PNG header is damaged.');
  }
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const refused = findSizeFault(width, height);
  if (refused) return refused;
  const colourType = file[25];
  const chunks = listChunks(file);
  return accept({
    width,
    height,
    bitDepth: file[24] as number,
    isGrey: colourType === GREY || colourType === GREY_WITH_ALPHA,
    hasTransparency:
      colourType === GREY_WITH_ALPHA || colourType === COLOURS_WITH_ALPHA || chunks.has('tRNS'),
    hasProfile: chunks.has('iCCP'),
    isWhole: chunks.has('IEND'),
  });
}

function findSizeFault(width: number, height: number): Checked<never> | null {
  if (width === 0 || height === 0) return refuse('UNREADABLE', `It claims ${width} x ${height} pixels.`);
  const limit = IMPORT_LIMITS.patchSidePxMax;
  if (width <= limit && height <= limit) return null;
  const reason = `It claims ${width} x ${height} pixels; a patch has at most ${limit} x ${limit}.`;
  return refuse('IMAGE_TOO_LARGE', reason);
}

/** The types of the parts that the file has in whole. */
function listChunks(file: Buffer): Set<string> {
  const types = new Set<string>();
  for (let start = SIGNATURE.length; start + CHUNK_FRAME_BYTES <= file.length; ) {
    const end = start + CHUNK_FRAME_BYTES + file.readUInt32BE(start);
    if (end > file.length) break;
    types.add(file.toString('latin1', start + 4, start + 8));
    start = end;
  }
  return types;
}
