/**
 * Where a slide has tissue, on its picture made small: pixels with more colour than glass has, by Otsu's threshold over
 * saturation. Tissue is stained, and glass is grey or white. Pure.
 */

const RGB = 3;
const LEVELS = 256;
/** Less is grey even where everything is tissue. */
const SATURATION_MIN = 12;
/** Of a square that is asked about. */
const TISSUE_SHARE_MIN = 0.1;

export type TissueMap = { width: number; height: number /** 1 where there is tissue. */; mask: Uint8Array };

export function findTissue(
  pixels: Uint8Array,
  { width, height }: { width: number; height: number },
): TissueMap {
  const saturation = new Uint8Array(width * height);
  const counts = new Float64Array(LEVELS);
  for (let pixel = 0; pixel < saturation.length; pixel++) {
    const [red, green, blue] = [
      pixels[pixel * RGB] ?? 0,
      pixels[pixel * RGB + 1] ?? 0,
      pixels[pixel * RGB + 2] ?? 0,
    ];
    const value = Math.max(red, green, blue) - Math.min(red, green, blue);
    saturation[pixel] = value;
    counts[value] = (counts[value] ?? 0) + 1;
  }
  // Where all of it is tissue, Otsu's threshold would halve the tissue: no more than a pale stain is ever asked for.
  const threshold = Math.max(SATURATION_MIN, Math.min(otsu(counts), 2 * SATURATION_MIN));
  return { width, height, mask: saturation.map((value) => (value > threshold ? 1 : 0)) };
}

/** Whether enough of a square is tissue; the square is told as shares of the whole. */
export function hasTissue(
  map: TissueMap,
  square: { x: number; y: number; width: number; height: number },
): boolean {
  const left = Math.floor(square.x * map.width);
  const top = Math.floor(square.y * map.height);
  const right = Math.min(map.width, Math.max(left + 1, Math.ceil((square.x + square.width) * map.width)));
  const bottom = Math.min(map.height, Math.max(top + 1, Math.ceil((square.y + square.height) * map.height)));
  let tissue = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) tissue += map.mask[y * map.width + x] ?? 0;
  }
  return tissue >= TISSUE_SHARE_MIN * (right - left) * (bottom - top);
}

/** The level that parts the two sides best. */
function otsu(counts: Float64Array): number {
  const total = counts.reduce((whole, count) => whole + count, 0);
  const mass = counts.reduce((whole, count, level) => whole + count * level, 0);
  let [below, belowMass, best, bestLevel] = [0, 0, -1, 0];
  for (const [level, count] of counts.entries()) {
    below += count;
    belowMass += count * level;
    const above = total - below;
    if (below === 0 || above === 0) continue;
    const gap = belowMass / below - (mass - belowMass) / above;
    const between = below * above * gap * gap;
    if (between > best) [best, bestLevel] = [between, level];
  }
  return bestLevel;
}
