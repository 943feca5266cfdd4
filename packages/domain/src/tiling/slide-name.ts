/** Which files can be slides or outlines by their names, and what they are called without their endings. */
import { getFileName } from '../source/file-path.ts';

/** By the ending; what a file really is, its bytes say. */
const SLIDE_KINDS: Readonly<Record<string, string>> = {
  svs: 'Aperio SVS',
  tif: 'TIFF',
  tiff: 'TIFF',
  dcm: 'DICOM',
  ndpi: 'Hamamatsu NDPI',
  vms: 'Hamamatsu VMS',
  vmu: 'Hamamatsu VMU',
  mrxs: '3DHISTECH MIRAX',
  scn: 'Leica SCN',
  czi: 'Zeiss CZI',
  bif: 'Ventana BIF',
  svslide: 'Sakura SVSLIDE',
};
const SLIDE_NAME = new RegExp(`\\.(${Object.keys(SLIDE_KINDS).join('|')})$`, 'i');
const OUTLINES_NAME = /\.(xml|geojson|json)$/i;

export function isSlideName(path: string): boolean {
  const name = getFileName(path);
  return SLIDE_NAME.test(name) && !name.startsWith('.');
}

/** Null for a file that is no slide by its name. */
export function nameSlideKind(path: string): string | null {
  if (!isSlideName(path)) return null;
  const ending = getFileName(path).split('.').at(-1)?.toLowerCase() ?? '';
  return SLIDE_KINDS[ending] ?? null;
}

export function isOutlinesName(path: string): boolean {
  const name = getFileName(path);
  return OUTLINES_NAME.test(name) && !name.startsWith('.');
}

/** `a/TCGA-01.ome.tif` is `TCGA-01`. */
export function nameWithoutEnding(path: string): string {
  return getFileName(path).replace(/(\.ome)?\.[^.]*$/i, '');
}

/** Outlines of `TCGA-01.svs` are `TCGA-01.geojson`, or `TCGA-01.svs.geojson` as some scripts write them. */
export function nameOutlinedSlide(path: string): string {
  const name = nameWithoutEnding(path);
  return isSlideName(name) ? nameWithoutEnding(name) : name;
}
