/**
 * Opens a slide of any format that is read here. The format is told by what is in the file, never by how its name ends:
 * an ending is often wrong, and a wrong one is told as what was found.
 */
import { extname } from 'node:path';
import { openDicomSlide } from './dicom/dicom-slide.ts';
import { openRandomAccessFile, type RandomAccessFile } from './file/random-access-file.ts';
import type { SlideOptions } from './region/tiled-slide.ts';
import type { Slide } from './slide.ts';
import { quoted, slideFault } from './slide-fault.ts';
import { needsOpenSlide } from './tiff/foreign-tiff.ts';
import { openTiffSlide } from './tiff/tiff-slide.ts';

const HEADER_BYTES = 132;
/** The first bytes of what people also put among their slides. */
const KNOWN_STARTS: readonly [start: string, name: string][] = [
  ['\x89PNG', 'a PNG picture'],
  ['\xff\xd8\xff', 'a JPEG picture'],
  ['GIF8', 'a GIF picture'],
  ['%PDF', 'a PDF'],
  ['PK', 'a zip file'],
  ['\x1f\x8b', 'a gzip file'],
  ['<?xml', 'an XML text'],
  ['{', 'a JSON text'],
];

/** Throws BAD_INPUT with a sentence that begins with the file. The slide holds the file open until it is closed. */
export async function openSlide(path: string, options: SlideOptions = {}): Promise<Slide> {
  const file = await openRandomAccessFile(path);
  try {
    const slide = (await openTiffSlide(file, options)) ?? (await openDicomSlide(file, options));
    return slide ?? (await refuseUnknown(file));
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function refuseUnknown(file: RandomAccessFile): Promise<never> {
  if (file.sizeBytes === 0) throw slideFault(file.path, 'is empty.');
  const length = Math.min(HEADER_BYTES, file.sizeBytes);
  const start = (await file.read(0, length, 'its header')).toString('latin1');
  // A MIRAX slide's own file is a JPEG thumbnail; everything else lies in a folder of its name.
  if (extname(file.path).toLowerCase() === '.mrxs')
    throw slideFault(file.path, needsOpenSlide('3DHISTECH MIRAX'));
  if (start.startsWith('ZISRAWFILE')) throw slideFault(file.path, needsOpenSlide('Zeiss CZI'));
  const known = KNOWN_STARTS.find(([begin]) => start.startsWith(begin));
  const found = known ? known[1] : `something that begins with ${quoted(start.slice(0, 8))}`;
  throw slideFault(
    file.path,
    `is ${found}, not a slide: a tiled TIFF, an Aperio SVS, an OME-TIFF or DICOM is needed.`,
  );
}
