/** Mean and standard deviation of each colour channel over the patches of a dataset, counted exactly. */

import { invariant } from '@microtome/domain/app-error';
import { RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';

const LEVELS = 256;

export type ChannelStatistics = { mean: number[]; sd: number[] };

type ChannelCounter = {
  /** Counts the pixels of one patch (RGB, interleaved). */
  add(pixels: Uint8Array): void;
  /** Per channel, of values scaled to 0..1; sd is that of the population of all pixels. */
  summarize(): ChannelStatistics;
};

/** A counter over histograms of whole numbers: the result depends on neither order nor grouping of the patches. */
export function createChannelCounter(): ChannelCounter {
  const counts = [0, 1, 2].map(() => new Float64Array(LEVELS)) as [Float64Array, Float64Array, Float64Array];
  const [red, green, blue] = counts;
  return {
    add(pixels) {
      for (let index = 0; index + 2 < pixels.length; index += RGB_CHANNELS) {
        red[pixels[index]!]! += 1;
        green[pixels[index + 1]!]! += 1;
        blue[pixels[index + 2]!]! += 1;
      }
    },
    summarize() {
      const channels = counts.map(summarizeChannel);
      return { mean: channels.map(({ mean }) => mean), sd: channels.map(({ sd }) => sd) };
    },
  };
}

function summarizeChannel(counts: Float64Array): { mean: number; sd: number } {
  let pixels = 0;
  let sum = 0;
  let sumOfSquares = 0;
  counts.forEach((count, level) => {
    pixels += count;
    sum += count * level;
    sumOfSquares += count * level * level;
  });
  invariant(pixels > 0, 'channel statistics of no pixels');
  const mean = sum / pixels;
  const variance = Math.max(0, sumOfSquares / pixels - mean * mean);
  return { mean: mean / (LEVELS - 1), sd: Math.sqrt(variance) / (LEVELS - 1) };
}
