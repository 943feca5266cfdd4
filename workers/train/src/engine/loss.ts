/** The loss of a batch: weighted binary cross-entropy on logits, with an optional focal factor. */
import * as tf from '@tensorflow/tfjs';

/** Keeps the focal factor's power differentiable where a prediction is already perfect. */
const SMALLEST_MISS = 1e-6;

/**
 * The weighted mean of softplus(z) - y z, the cross-entropy without overflow or cancellation for any logit z
 * (and, unlike the form with |z|, with the right gradient at z = 0). With gamma > 0 each term is multiplied by
 * (1 - pt)^gamma, pt being the probability of the patch's own class: Lin et al. 2017.
 */
export function computeLoss(input: {
  logits: tf.Tensor1D;
  /** [n], 0..1. */
  labels: tf.Tensor1D;
  /** [n], >= 0, not all 0. */
  sampleWeights: tf.Tensor1D;
  focalGamma: number;
  /** Sum of the weights of a batch of which these rows are a part; of these rows when left out. */
  totalWeight?: tf.Scalar | undefined;
}): tf.Scalar {
  const { logits, labels, sampleWeights, focalGamma, totalWeight = tf.sum(sampleWeights) } = input;
  const crossEntropy = tf.sub(tf.softplus(logits), tf.mul(labels, logits));
  const losses =
    focalGamma > 0 ? tf.mul(crossEntropy, focalFactor(logits, labels, focalGamma)) : crossEntropy;
  return tf.div(tf.sum(tf.mul(losses, sampleWeights)), totalWeight);
}

function focalFactor(logits: tf.Tensor1D, labels: tf.Tensor1D, focalGamma: number): tf.Tensor {
  const probability = tf.sigmoid(logits);
  const miss = tf.sub(tf.add(probability, labels), tf.mul(tf.mul(probability, labels), 2));
  return tf.exp(tf.mul(tf.log(tf.maximum(miss, SMALLEST_MISS)), focalGamma));
}
