/**
 * Opens a slide of any format that is read here. The format is told by what is in the file, never by how its name ends:
 * an ending is often wrong, and a wrong one is told as what was found.
 */
import { basename } from 'node:path';
import { nameSlideKind } from '@microtome/domain/tiling/slide-name';
import { openDicomSlide } from './dicom/dicom-slide.ts';
import { openRandomAccessFile, type RandomAccessFile } from './file/random-access-file.ts';
import { openForeignSlide } from './native/open-foreign-slide.ts';
import type { SlideOptions } from './region/tiled-slide.ts';
import type { Slide } from './slide.ts';
import { quoted, slideFault } from './slide-fault.ts';
import { openTiffSlide } from './tiff/tiff-slide.ts';

const HEADER_BYTES = 132;
/** Of formats that no beginning tells. */
const FOREIGN_ENDING = /\.(mrxs|vms|vmu|svslide)$/i;
/** The first bytes of what people also put among their slides. */
const KNOWN_STARTS: readonly [start: string, name: string][] = [
  ['\x89PNG', 'a PNG picture'],
  ['\xff\xd8\xff', 'a JPEG picture'],
  ['GIF8', 'a GIF picture'],
  ['%PDF', 'a PDF'],
  ['PK', 'a zip file'],
  ['\x1f\x8b', 'a gzip file'],
  ['RIFF', 'a WebP picture or another RIFF file'],
  ['<?xml', 'an XML text'],
  ['{', 'a JSON text'],
];

/** Throws BAD_INPUT with a sentence that begins with the file. The slide holds the file open until it is closed. */
export async function openSlide(path: string, options: SlideOptions = {}): Promise<Slide> {
  const file = await openRandomAccessFile(path);
  try {
    const slide = (await openTiffSlide(file, options)) ?? (await openDicomSlide(file, options));
    return slide ?? (await openForeign(file, options)) ?? (await refuseUnknown(file));
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Null where it is no slide that the native library may read. A MIRAX slide's own file is a JPEG thumbnail, others are lists of files. */
async function openForeign(file: RandomAccessFile, options: SlideOptions): Promise<Slide | null> {
  const start = await readStart(file);
  if (start.startsWith('ZISRAWFILE')) return openForeignSlide(file, 'Zeiss CZI', options);
  const isForeign = FOREIGN_ENDING.test(file.path) && file.sizeBytes > 0;
  const kind = isForeign ? nameSlideKind(basename(file.path)) : null;
  return kind === null ? null : openForeignSlide(file, kind, options);
}

async function refuseUnknown(file: RandomAccessFile): Promise<never> {
  if (file.sizeBytes === 0) throw slideFault(file.path, 'is empty.');
  const start = await readStart(file);
  const known = KNOWN_STARTS.find(([begin]) => start.startsWith(begin));
  const found = known ? known[1] : `something that begins with ${quoted(start.slice(0, 8))}`;
  throw slideFault(
    file.path,
    `is ${found}, not a slide: a tiled TIFF, an Aperio SVS, an OME-TIFF or DICOM is needed.`,
  );
}

async function readStart(file: RandomAccessFile): Promise<string> {
  const length = Math.min(HEADER_BYTES, file.sizeBytes);
  return (await file.read(0, length, 'its header')).toString('latin1');
}
