/**
 * What a training patch may look like: one of its eight flips and right-angle rotations, with its stains and its
 * light changed a little. Pixels stay uint8 RGB; every draw comes from the generator that is handed in.
 */
import type { Hyperparameters } from '@microtome/domain/hyperparameters';
import type { SeededRandom } from '@microtome/domain/seeded-random';

export const ORIENTATIONS = 8;

const CHANNELS = 3;
const MID_GREY = 127.5;
const LARGEST_DENSITY = Math.log(256);
/** Steps of the density-to-grey table: fine enough that rounding to uint8 gives an unchanged density its own grey. */
const DENSITY_STEPS = 8192;
/** Optical density per unit of haematoxylin, eosin and DAB in red, green and blue (Ruifrok & Johnston 2001). */
const STAIN_DENSITIES = [
  [0.65, 0.7, 0.29],
  [0.07, 0.99, 0.11],
  [0.27, 0.57, 0.78],
];

export type AugmentationStrength = Pick<
  Hyperparameters,
  'augmentFlips' | 'augmentStain' | 'augmentBrightness'
>;

type NineNumbers = [number, number, number, number, number, number, number, number, number];

export type Augmentation = {
  /** One of the orientations of `listOrientations`; the first of them when flips are off. */
  drawOrientation(random: SeededRandom): Int32Array;
  /** Changes colours in place; uint8 RGB. */
  recolour(pixels: Uint8Array, random: SeededRandom): void;
};

/** Prepares the tables for one patch size. What is switched off draws nothing. */
export function createAugmentation(patchSizePx: number, strength: AugmentationStrength): Augmentation {
  const orientations = listOrientations(patchSizePx);
  const jitterStain = createStainJitter();
  return {
    drawOrientation(random) {
      const orientation = strength.augmentFlips ? Math.floor(random.next() * ORIENTATIONS) : 0;
      return orientations[orientation] as Int32Array;
    },
    recolour(pixels, random) {
      if (strength.augmentStain > 0) jitterStain(pixels, strength.augmentStain, random);
      if (strength.augmentBrightness > 0) changeLight(pixels, strength.augmentBrightness, random);
    },
  };
}

/**
 * For each of the eight orientations: where in the uint8 RGB source every target pixel begins. The first is the patch
 * as it is.
 */
export function listOrientations(patchSizePx: number): Int32Array[] {
  const last = patchSizePx - 1;
  return Array.from({ length: ORIENTATIONS }, (_, orientation) => {
    const sources = new Int32Array(patchSizePx * patchSizePx);
    for (let y = 0; y < patchSizePx; y++) {
      for (let x = 0; x < patchSizePx; x++) {
        const column = orientation & 1 ? last - x : x;
        const row = orientation & 2 ? last - y : y;
        const source = orientation & 4 ? column * patchSizePx + row : row * patchSizePx + column;
        sources[y * patchSizePx + x] = source * CHANNELS;
      }
    }
    return sources;
  });
}

/**
 * Stain jitter in the space of haematoxylin, eosin and residual: each concentration is multiplied by a factor
 * within 1 ± strength and shifted by up to ± strength (Tellez et al. 2018, IEEE TMI 37(9)).
 */
function createStainJitter(): (pixels: Uint8Array, strength: number, random: SeededRandom) => void {
  const unmix = invert3x3(STAIN_DENSITIES);
  const densityOfGrey = Float64Array.from({ length: 256 }, (_, grey) => -Math.log((grey + 1) / 256));
  const stepsPerDensity = DENSITY_STEPS / LARGEST_DENSITY;
  const greyOfStep = Uint8Array.from({ length: DENSITY_STEPS + 1 }, (_, step) =>
    Math.round(256 * Math.exp(-step / stepsPerDensity) - 1),
  );
  const greyOf = (density: number) => {
    const step = (density * stepsPerDensity + 0.5) | 0;
    return greyOfStep[step < 0 ? 0 : step > DENSITY_STEPS ? DENSITY_STEPS : step] as number;
  };
  return (pixels, strength, random) => {
    const { mix, shift } = drawStainChange(unmix, strength, random);
    const [rr, rg, rb, gr, gg, gb, br, bg, bb] = mix as unknown as NineNumbers;
    const [shiftRed, shiftGreen, shiftBlue] = shift as unknown as [number, number, number];
    for (let at = 0; at < pixels.length; at += CHANNELS) {
      const red = densityOfGrey[pixels[at] as number] as number;
      const green = densityOfGrey[pixels[at + 1] as number] as number;
      const blue = densityOfGrey[pixels[at + 2] as number] as number;
      pixels[at] = greyOf(red * rr + green * gr + blue * br + shiftRed);
      pixels[at + 1] = greyOf(red * rg + green * gg + blue * bg + shiftGreen);
      pixels[at + 2] = greyOf(red * rb + green * gb + blue * bb + shiftBlue);
    }
  };
}

/** unmix, scale each stain, mix again: one 3x3 matrix and one shift for the whole patch. */
function drawStainChange(unmix: number[][], strength: number, random: SeededRandom) {
  const mix = new Float64Array(CHANNELS * CHANNELS);
  const shift = new Float64Array(CHANNELS);
  for (let stain = 0; stain < CHANNELS; stain++) {
    const factor = 1 + strength * (2 * random.next() - 1);
    const offset = strength * (2 * random.next() - 1);
    const densities = STAIN_DENSITIES[stain] as number[];
    for (let to = 0; to < CHANNELS; to++) {
      const density = densities[to] as number;
      shift[to] = (shift[to] as number) + offset * density;
      for (let from = 0; from < CHANNELS; from++) {
        const at = from * CHANNELS + to;
        mix[at] = (mix[at] as number) + (unmix[from]?.[stain] as number) * factor * density;
      }
    }
  }
  return { mix, shift };
}

/** Contrast about mid grey, then brightness, each changed by a factor within 1 ± strength. */
function changeLight(pixels: Uint8Array, strength: number, random: SeededRandom): void {
  const contrast = 1 + strength * (2 * random.next() - 1);
  const brightness = 1 + strength * (2 * random.next() - 1);
  const greys = new Uint8ClampedArray(256);
  for (let grey = 0; grey < greys.length; grey++) {
    greys[grey] = ((grey - MID_GREY) * contrast + MID_GREY) * brightness;
  }
  for (let at = 0; at < pixels.length; at++) pixels[at] = greys[pixels[at] as number] as number;
}

function invert3x3(rows: readonly (readonly number[])[]): number[][] {
  const at = (row: number, column: number) => rows[row % CHANNELS]?.[column % CHANNELS] as number;
  const cofactor = (row: number, column: number) =>
    at(row + 1, column + 1) * at(row + 2, column + 2) - at(row + 1, column + 2) * at(row + 2, column + 1);
  const determinant = [0, 1, 2].reduce((sum, column) => sum + at(0, column) * cofactor(0, column), 0);
  return [0, 1, 2].map((row) => [0, 1, 2].map((column) => cofactor(column, row) / determinant));
}
