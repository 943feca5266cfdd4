/**
 * From the uint8 pixels of a patch to the numbers that a network sees, turned, recoloured and normalised in one pass:
 * tables take the place of logarithms, and nothing is written in between. Colours stay whole greys, so an image looks
 * to the network as it would after being stored.
 */
import type { Look, StainChange } from './augmentation.ts';
import type { Normalisation } from './normalisation.ts';

const CHANNELS = 3;
const GREYS = 256;
const LARGEST_DENSITY = Math.log(GREYS);
/** Steps of the density-to-grey table: fine enough that rounding to uint8 gives an unchanged density its own grey. */
const DENSITY_STEPS = 8192;
const STEPS_PER_DENSITY = DENSITY_STEPS / LARGEST_DENSITY;
const DENSITY_OF_GREY = Float64Array.from({ length: GREYS }, (_, grey) => -Math.log((grey + 1) / GREYS));
const GREY_OF_STEP = Uint8Array.from({ length: DENSITY_STEPS + 1 }, (_, step) =>
  Math.round(GREYS * Math.exp(-step / STEPS_PER_DENSITY) - 1),
);

/** Writes a patch, uint8 RGB, as (raw / 255 - mean) / sd into `target`, [size, size, 3]. */
export type RenderPatch = (pixels: Uint8Array, look: Look, target: Float32Array) => void;

type NineNumbers = [number, number, number, number, number, number, number, number, number];

export function createRenderer(normalisation: Normalisation): RenderPatch {
  const plain = tabulateNormalisation(normalisation);
  const lit = new Float32Array(plain.length);
  return (pixels, { sources, stain, greys }, target) => {
    if (greys) applyLight(plain, { greys, lit });
    const values = greys ? lit : plain;
    if (stain) renderStain({ pixels, sources, values, target }, stain);
    else renderColours({ pixels, sources, values, target });
  };
}

/** What each grey becomes: 256 numbers a channel. */
function tabulateNormalisation({ mean, sd }: Normalisation): Float32Array {
  return Float32Array.from({ length: CHANNELS * GREYS }, (_, at) => {
    const channel = Math.floor(at / GREYS);
    return ((at % GREYS) / 255 - (mean[channel] as number)) / (sd[channel] as number);
  });
}

function applyLight(
  plain: Float32Array,
  { greys, lit }: { greys: Uint8ClampedArray; lit: Float32Array },
): void {
  for (let channel = 0; channel < CHANNELS; channel++) {
    const start = channel * GREYS;
    for (let grey = 0; grey < GREYS; grey++) {
      lit[start + grey] = plain[start + (greys[grey] as number)] as number;
    }
  }
}

type Rendering = {
  pixels: Uint8Array;
  /** Where in `pixels` each target pixel begins. */
  sources: Int32Array;
  /** What each grey becomes. */
  values: Float32Array;
  target: Float32Array;
};

function renderColours({ pixels, sources, values, target }: Rendering): void {
  for (let pixel = 0, to = 0; pixel < sources.length; pixel++, to += CHANNELS) {
    const from = sources[pixel] as number;
    target[to] = values[pixels[from] as number] as number;
    target[to + 1] = values[GREYS + (pixels[from + 1] as number)] as number;
    target[to + 2] = values[2 * GREYS + (pixels[from + 2] as number)] as number;
  }
}

/** Densities are counted in steps of the table that leads back to greys. */
function renderStain({ pixels, sources, values, target }: Rendering, { mix, shift }: StainChange): void {
  const [rr, rg, rb, gr, gg, gb, br, bg, bb] = mix as unknown as NineNumbers;
  const [shiftRed, shiftGreen, shiftBlue] = shift as unknown as [number, number, number];
  for (let pixel = 0, to = 0; pixel < sources.length; pixel++, to += CHANNELS) {
    const from = sources[pixel] as number;
    const red = DENSITY_OF_GREY[pixels[from] as number] as number;
    const green = DENSITY_OF_GREY[pixels[from + 1] as number] as number;
    const blue = DENSITY_OF_GREY[pixels[from + 2] as number] as number;
    target[to] = values[findGrey(red * rr + green * gr + blue * br + shiftRed)] as number;
    target[to + 1] = values[GREYS + findGrey(red * rg + green * gg + blue * bg + shiftGreen)] as number;
    target[to + 2] = values[2 * GREYS + findGrey(red * rb + green * gb + blue * bb + shiftBlue)] as number;
  }
}

function findGrey(density: number): number {
  const step = (density * STEPS_PER_DENSITY + 0.5) | 0;
  return GREY_OF_STEP[step < 0 ? 0 : step > DENSITY_STEPS ? DENSITY_STEPS : step] as number;
}
