/**
 * Class weights teach a network a wrong share of positives: with weights w0 and w1 its log-odds are too
 * large by ln(w1 / w0) (King and Zeng 2001, "prior correction"). Taken off the bias of its logit before the temperature
 * is fitted, so that a probability is one of the population that was trained on.
 */
import { invariant } from '@microtome/domain/app-error';
import type { NamedTensor } from '../engine/training-engine.ts';

/** The same weights with the last bias moved; those of a network trained without class weights as they are. */
export function correctPrior(
  weights: readonly NamedTensor[],
  [weightOfNegative, weightOfPositive]: readonly [number, number],
): readonly NamedTensor[] {
  const shift = Math.log(weightOfPositive / weightOfNegative);
  // Layers are numbered, so the logit's bias has the last name; but moving statistics and given weights lie behind it.
  const last = weights
    .map(({ name }) => name)
    .filter((name) => name.endsWith('/bias'))
    .sort()
    .at(-1);
  const place = weights.findIndex(({ name }) => name === last);
  const bias = weights[place];
  invariant(bias?.values.length === 1, 'a network ends in the bias of its one logit');
  return weights.with(place, { ...bias, values: Float32Array.of(bias.values[0]! - shift) });
}
