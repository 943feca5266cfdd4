/**
 * The colour scale that a network sees: each channel with mean 0 and standard deviation 1 over the TRAIN patches.
 * Measured on TRAIN alone: nothing of a VALIDATION or TEST patient may reach the training, not even its colours.
 */

import { invariant } from '@microtome/domain/app-error';
import { RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';

const GREYS = 256;
/** One grey step. A channel without any variation would otherwise be divided by zero. */
const SMALLEST_SD = 1 / 255;

/** Per channel (red, green, blue), of raw values divided by 255. */
export type Normalisation = { mean: number[]; sd: number[] };

/** Exact: greys are counted, so the order of the patches does not matter. `patches` are uint8 RGB of any size. */
export function measureNormalisation(patches: Iterable<Uint8Array>): Normalisation {
  const counts = new Float64Array(RGB_CHANNELS * GREYS);
  for (const pixels of patches) {
    for (let at = 0; at < pixels.length; at += RGB_CHANNELS) {
      for (let channel = 0; channel < RGB_CHANNELS; channel++) {
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

function describeCounts(counts: Float64Array): { mean: number; sd: number } {
  const total = counts.reduce((sum, count) => sum + count, 0);
  invariant(total > 0, 'a normalisation is measured on at least one patch');
  const mean = counts.reduce((sum, count, grey) => sum + count * grey, 0) / total / 255;
  const variance = counts.reduce((sum, count, grey) => sum + count * (grey / 255 - mean) ** 2, 0) / total;
  return { mean, sd: Math.max(Math.sqrt(variance), SMALLEST_SD) };
}
