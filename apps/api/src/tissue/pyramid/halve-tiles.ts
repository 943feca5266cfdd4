/** One tile out of the four below it: each of its pixels is the mean of what is seen in four, transparent where none of them shows anything. */
import { TILE_SIDE_PX } from '@microtome/domain/slide/tile-pyramid';

type Quarter = { widthPx: number; heightPx: number; pixels: Uint8Array };

const RGBA = 4;
const OPAQUE = 255;
const HALF_PX = TILE_SIDE_PX / 2;

/** Quarters in reading order; null where one holds nothing or lies beyond the slide. Sizes may be odd at the edges. */
export function halveTiles(
  quarters: readonly (Quarter | null)[],
  { widthPx, heightPx }: { widthPx: number; heightPx: number },
): Uint8Array {
  const pixels = new Uint8Array(widthPx * heightPx * RGBA);
  for (const [at, quarter] of quarters.entries()) {
    if (!quarter) continue;
    const [left, top] = [(at % 2) * HALF_PX, Math.floor(at / 2) * HALF_PX];
    const right = Math.min(widthPx, left + Math.ceil(quarter.widthPx / 2));
    const bottom = Math.min(heightPx, top + Math.ceil(quarter.heightPx / 2));
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        writeMean(pixels, (y * widthPx + x) * RGBA, quarter, 2 * (x - left), 2 * (y - top));
      }
    }
  }
  return pixels;
}

function writeMean(pixels: Uint8Array, target: number, quarter: Quarter, x: number, y: number): void {
  const right = Math.min(x + 2, quarter.widthPx);
  const bottom = Math.min(y + 2, quarter.heightPx);
  let [red, green, blue, count] = [0, 0, 0, 0];
  for (let row = y; row < bottom; row++) {
    for (let column = x; column < right; column++) {
      const at = (row * quarter.widthPx + column) * RGBA;
      if (quarter.pixels[at + 3] === 0) continue;
      red += quarter.pixels[at]!;
      green += quarter.pixels[at + 1]!;
      blue += quarter.pixels[at + 2]!;
      count += 1;
    }
  }
  if (count === 0) return;
  pixels[target] = Math.round(red / count);
  pixels[target + 1] = Math.round(green / count);
  pixels[target + 2] = Math.round(blue / count);
  pixels[target + 3] = OPAQUE;
}
