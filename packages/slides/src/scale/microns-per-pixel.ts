/**
 * What a file claims of its scale, judged: µm per pixel between 0.05 and 20, the same in both directions. A scale that
 * is missing stays missing; one that cannot be is refused, because everything behind it would be wrong without a sign.
 */
import { formatNumber, slideFault } from '../slide-fault.ts';

const MICRONS_MIN = 0.05;
const MICRONS_MAX = 20;
/** Scanners round their two directions each for itself. */
const ANISOTROPY_MAX = 0.01;

/** `source` says where the file tells it. */
export function judgeMicronsPerPixel(path: string, claim: { x: number; y: number; source: string }): number {
  const { x, y, source } = claim;
  if (Number.isNaN(x) || Number.isNaN(y))
    throw slideFault(path, `tells its µm per pixel in words that are no number (${source}).`);
  const written = x === y ? formatNumber(x) : `${formatNumber(x)} x ${formatNumber(y)}`;
  const told = `tells ${written} µm per pixel (${source})`;
  for (const value of [x, y]) {
    if (!(value >= MICRONS_MIN && value <= MICRONS_MAX))
      throw slideFault(path, `${told}; no slide has less than ${MICRONS_MIN} or more than ${MICRONS_MAX}.`);
  }
  if (Math.abs(x - y) > ANISOTROPY_MAX * Math.max(x, y))
    throw slideFault(path, `${told}; pixels that are not square cannot be compared with other slides.`);
  return x === y ? x : (x + y) / 2;
}
