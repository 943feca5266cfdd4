/** Aperio's own words in a page's description: which picture it is, and how many µm a pixel has. */
import { judgeMicronsPerPixel } from '../scale/microns-per-pixel.ts';
import type { TiffPage } from './tiff-page.ts';

export function isAperio({ description }: Pick<TiffPage, 'description'>): boolean {
  return description.startsWith('Aperio');
}

/** From `…|AppMag = 20|MPP = 0.4990|…`; null where there is no MPP. */
export function readAperioScale(path: string, description: string): number | null {
  const written = /(?:^|\|)\s*MPP\s*=([^|\r\n]*)/.exec(description)?.[1]?.trim();
  if (!written) return null;
  const microns = Number(written);
  return judgeMicronsPerPixel(path, { x: microns, y: microns, source: `MPP = ${written.slice(0, 40)}` });
}

/** Aperio names label and macro in the second line; the other picture in strips is the thumbnail. */
export function nameAperioImage(description: string): string {
  const named = /^\s*(label|macro)\b/im.exec(description.split('\n').slice(1).join('\n'));
  return named?.[1]?.toLowerCase() ?? 'thumbnail';
}
