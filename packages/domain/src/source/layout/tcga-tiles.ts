/**
 * Tiles of TCGA slides, as tilers write them: the barcode stands in the file's name or in that of a folder, the class in
 * the folder around it, the place and µm per pixel in the name where the tiler writes them.
 */

import { splitPath } from '../file-path.ts';
import { parseGivenSubset } from '../given-subset.ts';
import type { PatchFacts } from '../source-patch.ts';
import { parseTcgaBarcode } from '../tcga-barcode.ts';
import { type Layout, type LayoutReading, refuseName, tell } from './layout.ts';

/** `(16896,20480)`, `_xmin16896_ymin20480`, `_x16896_y20480`, `x=16896,y=20480`. */
const PLACES = [
  /\((\d{1,9}),\s*(\d{1,9})\)/,
  /(?:^|[_-])x(?:min)?[_=-]?(\d{1,9})[_,-]+y(?:min)?[_=-]?(\d{1,9})(?!\d)/i,
];
const MICRONS = /(?:^|[_-])mpp[_=-]?(\d+(?:\.\d+)?)/i;

export const TCGA_TILES: Layout = {
  name: 'tcga-tiles',
  keysOf: 'TCGA',
  title: 'Tiles of TCGA slides',
  pattern: 'CLASS/TCGA-AD-6964-01Z-00-DX1/Tile_(16896,20480).jpg',
  readPath: readTile,
  classes: null,
  task: null,
  table: null,
  mayCountFromOne: false,
  remarks: ['A site is the tissue source site, the two characters after TCGA-.'],
};

function readTile(path: string): LayoutReading {
  const segments = splitPath(path);
  // The innermost barcode: an outer folder may be that of a whole case.
  const position = segments.findLastIndex((segment) => parseTcgaBarcode(segment) !== null);
  const barcode = parseTcgaBarcode(segments[position] ?? '');
  if (!barcode) return refuseName('TCGA-AD-6964-01Z-00-DX1…');
  const folders = segments.slice(0, -1);
  const outside = folders.filter((folder) => parseTcgaBarcode(folder) === null);
  const className = outside.findLast((folder) => parseGivenSubset(folder) === null) ?? null;
  const subset = outside.map(parseGivenSubset).findLast((side) => side !== null) ?? null;
  return tell({ ...barcode, className, subset, ...readPlace(segments.at(-1) ?? '') });
}

function readPlace(name: string): Partial<PatchFacts> {
  const stem = name.replace(/\.[a-z]+$/i, '');
  const place = PLACES.map((pattern) => pattern.exec(stem)).find((match) => match !== null);
  const microns = Number(MICRONS.exec(stem)?.[1]);
  return {
    ...(place ? { x: Number(place[1]), y: Number(place[2]) } : {}),
    ...(microns > 0 ? { micronsPerPixel: microns } : {}),
  };
}
