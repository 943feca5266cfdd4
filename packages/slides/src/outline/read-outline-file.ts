/**
 * A file of outlines, told by what is in it: ASAP's XML or QuPath's GeoJSON. A file that is larger than any such drawing
 * is refused before it is read.
 */

import type { ReadOutlines } from '@microtome/domain/outline/outline';
import { readAsapXml } from '@microtome/domain/outline/read-asap-xml';
import { readQupathGeoJson } from '@microtome/domain/outline/read-qupath-geojson';
import { openRandomAccessFile } from '../file/random-access-file.ts';
import { formatNumber, nameFile, quoted, slideFault } from '../slide-fault.ts';

/** Some three million points; detections of every cell are larger, and are no outlines. */
const FILE_MAX_BYTES = 64 * 1024 * 1024;

export async function readOutlineFile(path: string): Promise<ReadOutlines> {
  const text = await readText(path);
  const what = nameFile(path);
  if (/^\s*</.test(text)) return readAsapXml(text, what);
  if (/^\s*[[{]/.test(text)) return readQupathGeoJson(text, what);
  const found = text.trim() ? `begins with ${quoted(text.trim().slice(0, 12))}` : 'is empty';
  throw slideFault(path, `${found}; outlines are the XML of ASAP or the GeoJSON of QuPath.`);
}

async function readText(path: string): Promise<string> {
  const file = await openRandomAccessFile(path);
  try {
    if (file.sizeBytes > FILE_MAX_BYTES)
      throw slideFault(
        path,
        `has ${formatNumber(file.sizeBytes)} bytes; outlines have at most ${formatNumber(FILE_MAX_BYTES)}. Export annotations alone, without detections.`,
      );
    const bytes = await file.read(0, file.sizeBytes, 'its text');
    return bytes.toString('utf8').replace(/^\uFEFF/, '');
  } finally {
    await file.close();
  }
}
