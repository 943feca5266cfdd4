/**
 * The colour scale that a network sees: each channel with mean 0 and standard deviation 1 over the TRAIN patches.
 * Measured on TRAIN alone: nothing of a VALIDATION or TEST patient may reach the training, not even its colours.
 */
import { invariant } from '@microtome/domain/app-error';

const CHANNELS = 3;
const GREYS = 256;
/** One grey step. A channel without any variation would otherwise be divided by zero. */
const SMALLEST_SD = 1 / 255;

/** Per channel (red, green, blue), of raw values divided by 255. */
export type Normalisation = { mean: number[]; sd: number[] };

/** Exact: greys are counted, so the order of the patches does not matter. `patches` are uint8 RGB of any size. */
export function measureNormalisation(patches: Iterable<Uint8Array>): Normalisation {
  const counts = new Float64Array(CHANNELS * GREYS);
  for (const pixels of patches) {
    for (let at = 0; at < pixels.length; at += CHANNELS) {
      for (let channel = 0; channel < CHANNELS; channel++) {
        const bin = channel * GREYS + (pixels[at + channel] as number);
        counts[bin] = (counts[bin] as number) + 1;
      }
    }
  }
  const channels = [0, 1, 2].map((channel) =>
    describeCounts(counts.subarray(channel * GREYS, (channel + 1) * GREYS)),
  );
  return { mean: channels.map(({ mean }) => mean), sd: channels.map(({ sd }) => sd) };
}

/**
 * Writes pixels as (raw / 255 - mean) / sd into `target`, in the order of `sources`: where in `pixels` (uint8 RGB) each
 * target pixel begins.
 */
export type Normalise = (pixels: Uint8Array, sources: Int32Array, target: Float32Array) => void;

/** A table of 256 greys a channel: one look-up a value. */
export function createNormalise({ mean, sd }: Normalisation): Normalise {
  const [reds, greens, blues] = [0, 1, 2].map((channel) =>
    Float32Array.from(
      { length: GREYS },
      (_, grey) => (grey / 255 - (mean[channel] as number)) / (sd[channel] as number),
    ),
  ) as [Float32Array, Float32Array, Float32Array];
  return (pixels, sources, target) => {
    for (let pixel = 0, to = 0; pixel < sources.length; pixel++, to += CHANNELS) {
      const from = sources[pixel] as number;
      target[to] = reds[pixels[from] as number] as number;
      target[to + 1] = greens[pixels[from + 1] as number] as number;
      target[to + 2] = blues[pixels[from + 2] as number] as number;
    }
  };
}

function describeCounts(counts: Float64Array): { mean: number; sd: number } {
  const total = counts.reduce((sum, count) => sum + count, 0);
  invariant(total > 0, 'a normalisation is measured on at least one patch');
  const mean = counts.reduce((sum, count, grey) => sum + count * grey, 0) / total / 255;
  const variance = counts.reduce((sum, count, grey) => sum + count * (grey / 255 - mean) ** 2, 0) / total;
  return { mean, sd: Math.max(Math.sqrt(variance), SMALLEST_SD) };
}
