/**
 * A TIFF's own resolution fields as µm per pixel. Image software fills them in for printing: 72 dots an inch is how large
 * a page becomes on paper, and says nothing of the tissue. Such a value counts as missing.
 */
import { judgeMicronsPerPixel } from '../scale/microns-per-pixel.ts';
import type { TiffDirectory } from './tiff-directories.ts';

const MICRONS_PER_UNIT: Record<number, number> = { 2: 25_400, 3: 10_000 };
/** 600 dots an inch are 42 µm: what is coarser was meant for paper. */
const PAPER_FROM_MICRONS = 40;

export async function readResolutionScale(path: string, directory: TiffDirectory): Promise<number | null> {
  const x = (await directory.readNumbers('xResolution', 1))?.[0];
  const y = (await directory.readNumbers('yResolution', 1))?.[0];
  const unit = (await directory.readNumbers('resolutionUnit', 1))?.[0] ?? 2;
  const perUnit = MICRONS_PER_UNIT[unit];
  if (!perUnit || !x || !y || !Number.isFinite(x) || !Number.isFinite(y)) return null;
  if (Math.min(perUnit / x, perUnit / y) >= PAPER_FROM_MICRONS) return null;
  const source = `${x.toFixed(2)} pixels ${unit === 2 ? 'an inch' : 'a centimetre'}`;
  return judgeMicronsPerPixel(path, { x: perUnit / x, y: perUnit / y, source });
}
