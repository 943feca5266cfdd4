/**
 * Binary PPM, the plainest image file there is: a line of sizes, then the pixels. Rows of a container of many patches
 * are handed on in this form.
 */
import { accept, type Checked, refuse } from '../../refusal.ts';
import { markDecoderMemory } from '../decoder-memory.ts';
import { findClaimFault, type ImageHeader, PLAIN_HEADER } from './image-header.ts';

const HEADER = /^P6\s+(?:#[^\n]*\n\s*)*(\d{1,9})\s+(\d{1,9})\s+(\d{1,5})\s/;
const HEADER_BYTES_MAX = 512;
const BYTES_PER_PIXEL = 3;
const LARGEST = '255';

export type PpmHeader = ImageHeader & { pixelOffset: number };

export function readPpmHeader(file: Buffer): Checked<PpmHeader> {
  const match = HEADER.exec(file.toString('latin1', 0, HEADER_BYTES_MAX));
  if (!match) return refuse('UNREADABLE', 'Its PPM header is damaged.');
  const [head, width, height, largest] = [match[0], Number(match[1]), Number(match[2]), match[3]];
  const refused = findClaimFault(width, height);
  if (refused) return refused;
  if (largest !== LARGEST) {
    return refuse('UNREADABLE', `It is a PPM of ${largest} levels; only those of ${LARGEST} can be read.`);
  }
  const isWhole = file.length >= head.length + width * height * BYTES_PER_PIXEL;
  return accept({ ...PLAIN_HEADER, format: 'PPM', width, height, isWhole, pixelOffset: head.length });
}

/** The file of RGB pixels, rows from the top. What is decoded from it lies in its memory and is given back with it. */
export function writePpm(
  pixels: Uint8Array,
  { width, height }: { width: number; height: number },
): Uint8Array {
  const head = Buffer.from(`P6\n${width} ${height}\n${LARGEST}\n`, 'latin1');
  const file = Buffer.allocUnsafeSlow(head.length + pixels.length);
  file.set(head);
  file.set(pixels, head.length);
  markDecoderMemory(file);
  return file;
}
