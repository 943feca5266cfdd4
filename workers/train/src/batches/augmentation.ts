/**
 * How a training patch is augmented: one of its eight flips and right-angle rotations, with its stains and its
 * light changed a little. This file draws the change; `patch-rendering.ts` applies it. Every draw comes from the generator
 * that is passed in.
 */

import type { Hyperparameters } from '@microtome/domain/run/hyperparameters';
import type { SeededRandom } from '@microtome/domain/seeded-random';
import { RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';

export const ORIENTATIONS = 8;

const MID_GREY = 127.5;
/** Optical density per unit of haematoxylin, eosin and DAB in red, green and blue (Ruifrok & Johnston 2001). */
const STAIN_DENSITIES = [
  [0.65, 0.7, 0.29],
  [0.07, 0.99, 0.11],
  [0.27, 0.57, 0.78],
];

type AugmentationStrength = Pick<Hyperparameters, 'augmentFlips' | 'augmentStain' | 'augmentBrightness'>;

/** New optical densities are `mix` (3 x 3, [from, to]) times the old ones, plus `shift`. */
export type StainChange = { mix: Float64Array; shift: Float64Array };

/** How a patch is walked through: where its first pixel to be shown begins, and how far the next ones are, in bytes. */
export type View = {
  isUpright: boolean;
  first: number;
  /** To the right neighbour. */
  stepX: number;
  /** To the pixel below. */
  stepY: number;
};

export type Look = {
  /** One of `listViews`. */
  view: View;
  /** null: stains as they are. */
  stain: StainChange | null;
  /** The grey that each of the 256 becomes, after the stains; null: light as it is. */
  greys: Uint8ClampedArray | null;
};

/** Prepares the tables for one patch size. What is switched off draws nothing. */
export function createAugmentation(
  patchSizePx: number,
  { augmentFlips, augmentStain, augmentBrightness }: AugmentationStrength,
): (random: SeededRandom) => Look {
  const views = listViews(patchSizePx);
  const unmix = invert3x3(STAIN_DENSITIES);
  return (random) => {
    const orientation = augmentFlips ? Math.floor(random.next() * ORIENTATIONS) : 0;
    const stain = augmentStain > 0 ? drawStainChange(unmix, augmentStain, random) : null;
    const greys = augmentBrightness > 0 ? drawLight(augmentBrightness, random) : null;
    return { view: views[orientation] as View, stain, greys };
  };
}

/** The eight orientations; the first is the patch as it is. */
export function listViews(patchSizePx: number): View[] {
  const last = patchSizePx - 1;
  return Array.from({ length: ORIENTATIONS }, (_, orientation) => {
    const isMirroredX = (orientation & 1) !== 0;
    const isMirroredY = (orientation & 2) !== 0;
    const isTransposed = (orientation & 4) !== 0;
    const pixelBytes = RGB_CHANNELS;
    const rowBytes = patchSizePx * RGB_CHANNELS;
    const [x, y] = isTransposed ? [rowBytes, pixelBytes] : [pixelBytes, rowBytes];
    return {
      isUpright: orientation === 0,
      first: (isMirroredX ? last * x : 0) + (isMirroredY ? last * y : 0),
      stepX: isMirroredX ? -x : x,
      stepY: isMirroredY ? -y : y,
    };
  });
}

/**
 * Stain jitter in the space of haematoxylin, eosin and residual: each concentration is multiplied by a factor
 * within 1 ± strength and shifted by up to ± strength (Tellez et al. 2018, IEEE TMI 37(9)). Unmixing, scaling and
 * mixing again are one 3x3 matrix and one shift for the whole patch.
 */
function drawStainChange(unmix: number[][], strength: number, random: SeededRandom): StainChange {
  const mix = new Float64Array(RGB_CHANNELS * RGB_CHANNELS);
  const shift = new Float64Array(RGB_CHANNELS);
  for (let stain = 0; stain < RGB_CHANNELS; stain++) {
    const factor = 1 + strength * (2 * random.next() - 1);
    const offset = strength * (2 * random.next() - 1);
    const densities = STAIN_DENSITIES[stain] as number[];
    for (let to = 0; to < RGB_CHANNELS; to++) {
      const density = densities[to] as number;
      shift[to] = (shift[to] as number) + offset * density;
      for (let from = 0; from < RGB_CHANNELS; from++) {
        const at = from * RGB_CHANNELS + to;
        mix[at] = (mix[at] as number) + (unmix[from]?.[stain] as number) * factor * density;
      }
    }
  }
  return { mix, shift };
}

/** Contrast about mid grey, then brightness, each changed by a factor within 1 ± strength. */
function drawLight(strength: number, random: SeededRandom): Uint8ClampedArray {
  const contrast = 1 + strength * (2 * random.next() - 1);
  const brightness = 1 + strength * (2 * random.next() - 1);
  const greys = new Uint8ClampedArray(256);
  for (let grey = 0; grey < greys.length; grey++) {
    greys[grey] = ((grey - MID_GREY) * contrast + MID_GREY) * brightness;
  }
  return greys;
}

function invert3x3(rows: readonly (readonly number[])[]): number[][] {
  const at = (row: number, column: number) => rows[row % RGB_CHANNELS]?.[column % RGB_CHANNELS] as number;
  const cofactor = (row: number, column: number) =>
    at(row + 1, column + 1) * at(row + 2, column + 2) - at(row + 1, column + 2) * at(row + 2, column + 1);
  const determinant = [0, 1, 2].reduce((sum, column) => sum + at(0, column) * cofactor(0, column), 0);
  return [0, 1, 2].map((row) => [0, 1, 2].map((column) => cofactor(column, row) / determinant));
}
