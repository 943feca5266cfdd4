/**
 * The first 33 bytes of a PNG file: what it says it is, read before any decoder is let near it.
 */
import { IMPORT_LIMITS } from './import-limits.ts';
import { accept, type Checked, refuse } from './refusal.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const HEADER_BYTES = 33;
const HEADER_CHUNK_BYTES = 13;

/** Width and height in pixels, as claimed. */
type PngHeader = { width: number; height: number };

/** Reads the claimed size; a fault when the bytes are no PNG or claim more than an import decodes. */
export function readPngHeader(bytes: Uint8Array): Checked<PngHeader> {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEADER_BYTES));
  if (header.length === 0) return refuse('NOT_A_PNG', 'It is empty.');
  if (!header.subarray(0, SIGNATURE.length).equals(SIGNATURE)) {
    return refuse('NOT_A_PNG', 'It is not a PNG image, although its name says so.');
  }
  const isWhole = header.length === HEADER_BYTES && header.readUInt32BE(8) === HEADER_CHUNK_BYTES;
  if (!isWhole || header.toString('latin1', 12, 16) !== 'IHDR') {
    return refuse('UNREADABLE', 'Its PNG header is damaged.');
  }
  return checkSize(header.readUInt32BE(16), header.readUInt32BE(20));
}

function checkSize(width: number, height: number): Checked<PngHeader> {
  if (width === 0 || height === 0) return refuse('UNREADABLE', `It claims ${width} x ${height} pixels.`);
  const limit = IMPORT_LIMITS.patchSidePxMax;
  if (width > limit || height > limit) {
    const reason = `It claims ${width} x ${height} pixels; a patch has at most ${limit} x ${limit}.`;
    return refuse('IMAGE_TOO_LARGE', reason);
  }
  return accept({ width, height });
}
