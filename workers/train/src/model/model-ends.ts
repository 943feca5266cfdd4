/**
 * What a saved model has before and behind its network: the colour scale as a frozen batch norm, the temperature as a
 * dense layer without bias. Both are kept as float32; what a trainer computes with is rounded to what is kept, so that
 * the model read again gives the same bits.
 */
import { RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';
import { GREY_MAX } from '../engine/colour-scale.ts';
import type { Normalisation } from '../engine/normalisation.ts';
import type { NamedTensor } from '../engine/training-engine.ts';

export const COLOUR_SCALE = 'colour-scale';
export const PROBABILITY = 'probability';

/** The temperature of a model that is not calibrated. */
export const UNCALIBRATED = 1;

const MEAN = `${COLOUR_SCALE}/moving_mean`;
const VARIANCE = `${COLOUR_SCALE}/moving_variance`;
const SHARPNESS = `${PROBABILITY}/kernel`;

export type ModelEnds = {
  normalisation: Normalisation;
  temperature: number;
};

export function describeEnds({ normalisation: { mean, sd }, temperature }: ModelEnds): NamedTensor[] {
  const ofChannels = (name: string, values: readonly number[]) => ({
    name,
    shape: [RGB_CHANNELS],
    values: Float32Array.from(values),
  });
  return [
    ofChannels(
      MEAN,
      mean.map((value) => value * GREY_MAX),
    ),
    ofChannels(
      VARIANCE,
      sd.map((value) => (value * GREY_MAX) ** 2),
    ),
    { name: SHARPNESS, shape: [1, 1], values: Float32Array.of(1 / temperature) },
  ];
}

/** `take` gives the values of the named weight. */
export function readEnds(take: (name: string) => Float32Array): ModelEnds {
  return {
    normalisation: {
      mean: Array.from(take(MEAN), (mean) => mean / GREY_MAX),
      sd: Array.from(take(VARIANCE), (variance) => Math.sqrt(variance) / GREY_MAX),
    },
    temperature: 1 / (take(SHARPNESS)[0] as number),
  };
}

export function isEnd(name: string): boolean {
  return name.startsWith(`${COLOUR_SCALE}/`) || name.startsWith(`${PROBABILITY}/`);
}

/** The nearest ends that a saved model can hold; those that it holds already are left as they are. */
export function roundEnds(ends: ModelEnds): ModelEnds {
  const kept = new Map(describeEnds(ends).map(({ name, values }) => [name, values]));
  return readEnds((name) => kept.get(name) as Float32Array);
}
