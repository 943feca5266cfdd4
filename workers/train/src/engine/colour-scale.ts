/**
 * From RGB to the colour scale that a network sees, as the first operations of its graph: images stay bytes until they
 * are where the network is computed.
 */
import * as tf from '@tensorflow/tfjs';
import type { Normalisation } from './normalisation.ts';

export const GREY_MAX = 255;

/** A value for every channel of every pixel of a patch, in greys: ONNX Runtime repeats three values very slowly. */
export type ColourScale = { mean: Float32Array; sd: Float32Array };

export function spreadColourScale({ mean, sd }: Normalisation, patchSizePx: number): ColourScale {
  const spread = (values: readonly number[]) =>
    Float32Array.from({ length: patchSizePx ** 2 * values.length }, (_, at) => {
      return GREY_MAX * (values[at % values.length] as number);
    });
  return { mean: spread(mean), sd: spread(sd) };
}

/** (rgb - mean) / sd: [n, size, size, 3] of 0..255 becomes the same of the colour scale. */
export function scaleColours(rgb: tf.Tensor, { mean, sd }: ColourScale): tf.Tensor4D {
  const flat = tf.reshape(rgb, [rgb.shape[0] as number, mean.length]);
  const scaled = tf.div(tf.sub(flat, tf.tensor1d(mean)), tf.tensor1d(sd));
  return tf.reshape(scaled, rgb.shape as [number, number, number, number]);
}
