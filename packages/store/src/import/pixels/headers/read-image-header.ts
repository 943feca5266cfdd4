/** Which kind of image a file is, by its bytes and not by its name, and what it claims. */
import { type Checked, refuse } from '../../refusal.ts';
import { type BmpHeader, readBmpHeader } from './bmp-header.ts';
import type { ImageHeader } from './image-header.ts';
import { readJpegHeader } from './jpeg-header.ts';
import { PNG_SIGNATURE, readPngHeader } from './png-header.ts';
import { type PpmHeader, readPpmHeader } from './ppm-header.ts';
import { readVipsHeader } from './vips-header.ts';

type AnyHeader = ImageHeader | BmpHeader | PpmHeader;

const TIFF_BEGINNINGS = ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'];
/** Kinds that are known by their beginning (and where it stands), and not read. */
const OTHERS: [name: string, start: number, beginning: string][] = [
  ['a GIF', 0, 'GIF8'],
  ['a JPEG 2000', 0, '\u0000\u0000\u0000\u000cjP  '],
  ['a JPEG 2000', 0, '\u00ff\u004f\u00ff\u0051'],
  ['a JPEG XL', 0, '\u0000\u0000\u0000\u000cJXL '],
  ['a JPEG XL', 0, '\u00ff\u000a'],
  ['an AVIF or HEIC', 4, 'ftyp'],
  ['a PDF', 0, '%PDF'],
  ['a DICOM', 128, 'DICM'],
];

/** A fault when the bytes are no image that is read here, are damaged, or claim more than an import decodes. */
export async function readImageHeader(bytes: Uint8Array): Promise<Checked<AnyHeader>> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (file.length === 0) return refuse('NOT_AN_IMAGE', 'It is empty.');
  if (file.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)) return readPngHeader(file);
  const beginning = file.toString('latin1', 0, 12);
  if (beginning.startsWith('\u00ff\u00d8\u00ff')) return readJpegHeader(file);
  if (TIFF_BEGINNINGS.includes(beginning.slice(0, 4))) return readVipsHeader(file, 'TIFF');
  if (beginning.startsWith('RIFF') && beginning.endsWith('WEBP')) return readVipsHeader(file, 'WebP');
  if (beginning.startsWith('BM')) return readBmpHeader(file);
  if (/^P6\s/.test(beginning)) return readPpmHeader(file);
  const other = OTHERS.find(
    ([, start, mark]) => file.toString('latin1', start, start + mark.length) === mark,
  );
  const what = other ? `It is ${other[0]} file` : 'It is not an image';
  return refuse('NOT_AN_IMAGE', `${what}: PNG, JPEG, TIFF, WebP and BMP can be read.`);
}
