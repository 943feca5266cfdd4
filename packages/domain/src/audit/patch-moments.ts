/**
 * Eight numbers that say roughly what a square of a patch looks like: mean colour, slope, twist and bowl of its
 * brightness. Recompression hardly moves them; a turn swaps some and changes signs in a known way. They propose
 * which patches to compare.
 */
import { RGB_CHANNELS } from '../slide/patch-pixels.ts';
import { type PatchWindow, TURNS, type Turn } from './patch-window.ts';

/** BRIGHTNESS, RED, BLUE (above brightness), ACROSS, DOWN, TWIST, BOWL, STRETCH: in levels of 255. */
export const MOMENT_COUNT = 8;

/**
 * How far they may differ between a patch and its copy, in the order of the moments: JPEG at quality 60 moves
 * them by at most 1.6, 2.2, 2.5 and 0.8 (7,500 copies), twice by a third more.
 */
export const MOMENT_TOLERANCES: readonly number[] = [2.5, 3.5, 3.5, 1, 1, 1, 1, 1];

const SUMS = 8;

/** Reads the moments of the square at each place: [(row * offsets + column) * 8 + moment]. The array is reused. */
export type ReadMoments = (rgb: Uint8Array) => Float32Array;

/** Sums over all rectangles from the corner make any square cost the same, however large. */
export function createMomentsReader(window: PatchWindow): ReadMoments {
  const { patchSizePx, sizePx, offsetsPx } = window;
  const table = new Float64Array((patchSizePx + 1) ** 2 * SUMS);
  const sums = new Float64Array(SUMS);
  const moments = new Float32Array(offsetsPx.length ** 2 * MOMENT_COUNT);
  const stride = (patchSizePx + 1) * SUMS;
  return (rgb) => {
    fillSums(table, { rgb, patchSizePx });
    let at = 0;
    for (const top of offsetsPx) {
      for (const left of offsetsPx) {
        const corner = top * stride + left * SUMS;
        const below = corner + sizePx * stride;
        for (let sum = 0; sum < SUMS; sum++) {
          sums[sum] =
            (table[below + sizePx * SUMS + sum] as number) -
            (table[below + sum] as number) -
            (table[corner + sizePx * SUMS + sum] as number) +
            (table[corner + sum] as number);
        }
        writeMoments(moments, { at, sums, left, top, sizePx });
        at += MOMENT_COUNT;
      }
    }
    return moments;
  };
}

/** Writes values that no turn of the square changes, so that turned copies sort together; [from, to] are places. */
export function writeTurnless(
  moments: Float32Array,
  { from, target, to }: { from: number; target: Float32Array; to: number },
): void {
  const across = Math.abs(moments[from + 3] as number);
  const down = Math.abs(moments[from + 4] as number);
  target[to] = moments[from] as number;
  target[to + 1] = moments[from + 1] as number;
  target[to + 2] = moments[from + 2] as number;
  target[to + 3] = Math.max(across, down);
  target[to + 4] = Math.min(across, down);
  target[to + 5] = Math.abs(moments[from + 5] as number);
  target[to + 6] = moments[from + 6] as number;
  target[to + 7] = Math.abs(moments[from + 7] as number);
}

/** Whether the square with `moments` from `at` on, once turned, has the wanted moments within the tolerances. */
export function hasTurnedMoments(
  wanted: Float32Array,
  { moments, at, turn }: { moments: Float32Array; at: number; turn: number },
): boolean {
  const { isTransposed, flipsAcross, flipsDown } = TURNS[turn] as Turn;
  const signAcross = flipsAcross ? -1 : 1;
  const signDown = flipsDown ? -1 : 1;
  const across = moments[at + (isTransposed ? 4 : 3)] as number;
  const down = moments[at + (isTransposed ? 3 : 4)] as number;
  const twist = moments[at + 5] as number;
  const stretch = moments[at + 7] as number;
  return (
    isNear(signAcross * across - (wanted[3] as number), 3) &&
    isNear(signDown * down - (wanted[4] as number), 4) &&
    isNear(signAcross * signDown * twist - (wanted[5] as number), 5) &&
    isNear((isTransposed ? -stretch : stretch) - (wanted[7] as number), 7)
  );
}

/** The same for the moments that no turn changes. */
export function hasTurnlessMoments(
  wanted: Float32Array,
  { moments, at }: { moments: Float32Array; at: number },
): boolean {
  return (
    isNear((moments[at] as number) - (wanted[0] as number), 0) &&
    isNear((moments[at + 1] as number) - (wanted[1] as number), 1) &&
    isNear((moments[at + 2] as number) - (wanted[2] as number), 2) &&
    isNear((moments[at + 6] as number) - (wanted[6] as number), 6)
  );
}

function isNear(difference: number, moment: number): boolean {
  return Math.abs(difference) <= (MOMENT_TOLERANCES[moment] as number);
}

/** Table cell (y, x) sums the pixels above and left of it: brightness times 1, x, y, xy, x², y²; red and blue. */
function fillSums(table: Float64Array, { rgb, patchSizePx }: { rgb: Uint8Array; patchSizePx: number }): void {
  const stride = (patchSizePx + 1) * SUMS;
  let pixel = 0;
  for (let y = 0; y < patchSizePx; y++) {
    let [ones, xs, ys, xys, xxs, yys, reds, blues] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let x = 0; x < patchSizePx; x++, pixel += RGB_CHANNELS) {
      const [red, blue] = [rgb[pixel] as number, rgb[pixel + 2] as number];
      const level = 0.299 * red + 0.587 * (rgb[pixel + 1] as number) + 0.114 * blue;
      ones += level;
      xs += level * x;
      ys += level * y;
      xys += level * x * y;
      xxs += level * x * x;
      yys += level * y * y;
      reds += red - level;
      blues += blue - level;
      const above = y * stride + (x + 1) * SUMS;
      const cell = above + stride;
      table[cell] = (table[above] as number) + ones;
      table[cell + 1] = (table[above + 1] as number) + xs;
      table[cell + 2] = (table[above + 2] as number) + ys;
      table[cell + 3] = (table[above + 3] as number) + xys;
      table[cell + 4] = (table[above + 4] as number) + xxs;
      table[cell + 5] = (table[above + 5] as number) + yys;
      table[cell + 6] = (table[above + 6] as number) + reds;
      table[cell + 7] = (table[above + 7] as number) + blues;
    }
  }
}

type SquareSums = { at: number; sums: Float64Array; left: number; top: number; sizePx: number };

/** Projections on 1, x, y, xy, x² and y² about the square's centre, each scaled to a spread of one level. */
function writeMoments(moments: Float32Array, { at, sums, left, top, sizePx }: SquareSums): void {
  const pixels = sizePx * sizePx;
  const spread = Math.sqrt((pixels - 1) / 12);
  const [centreX, centreY] = [left + (sizePx - 1) / 2, top + (sizePx - 1) / 2];
  const level = (sums[0] as number) / pixels;
  const [x, y] = [(sums[1] as number) / pixels, (sums[2] as number) / pixels];
  const xy = (sums[3] as number) / pixels - centreX * y - centreY * x + centreX * centreY * level;
  const xx = (sums[4] as number) / pixels - 2 * centreX * x + centreX * centreX * level;
  const yy = (sums[5] as number) / pixels - 2 * centreY * y + centreY * centreY * level;
  // The square of a coordinate of spread one has mean 1 and variance 0.8.
  const bowlX = (xx / spread ** 2 - level) / Math.sqrt(0.8);
  const bowlY = (yy / spread ** 2 - level) / Math.sqrt(0.8);
  moments[at] = level;
  moments[at + 1] = (sums[6] as number) / pixels;
  moments[at + 2] = (sums[7] as number) / pixels;
  moments[at + 3] = (x - centreX * level) / spread;
  moments[at + 4] = (y - centreY * level) / spread;
  moments[at + 5] = xy / spread ** 2;
  moments[at + 6] = (bowlX + bowlY) * Math.SQRT1_2;
  moments[at + 7] = (bowlX - bowlY) * Math.SQRT1_2;
}
