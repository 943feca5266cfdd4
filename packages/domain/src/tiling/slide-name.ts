/** Which files can be slides or outlines by their names, and what they are called without their endings. */
import { getFileName } from '../source/file-path.ts';

const SLIDE_NAME = /\.(svs|tiff?|dcm|ndpi|mrxs|scn|czi|vms|vmu|bif|svslide)$/i;
const OUTLINES_NAME = /\.(xml|geojson|json)$/i;

export function isSlideName(path: string): boolean {
  const name = getFileName(path);
  return SLIDE_NAME.test(name) && !name.startsWith('.');
}

export function isOutlinesName(path: string): boolean {
  const name = getFileName(path);
  return OUTLINES_NAME.test(name) && !name.startsWith('.');
}

/** `a/TCGA-01.ome.tif` is `TCGA-01`, and so are its outlines `TCGA-01.geojson`. */
export function nameWithoutEnding(path: string): string {
  return getFileName(path).replace(/(\.ome)?\.[^.]*$/i, '');
}
