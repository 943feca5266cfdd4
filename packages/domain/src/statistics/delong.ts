/**
 * DeLong's variance of AUC, for independent patches, by midranks (Sun & Xu 2014). On patches of
 * patients its standard errors are several times too small: shown only next to the clustered ones, as wrong.
 */
import { invariant } from '../app-error.ts';
import { endOfTie, orderByScore } from '../metrics/score-order.ts';
import { countClasses, type Labelled } from '../metrics/scored.ts';

export type Placements = {
  auc: number;
  positives: number;
  negatives: number;
  /**
   * Per patch: for a positive the share of negatives it beats (V10), for a negative the share of positives
   * it is beaten by (V01), ties counting half.
   */
  values: Float64Array;
};

/** Variances and covariance of two AUCs on the same patches. */
export type AucCovariance = { aa: number; bb: number; ab: number };

/** Where each patch stands among those of the other class. Null when a class is missing. */
export function placePatches({ probabilities, labels }: Labelled): Placements | null {
  const { positives, negatives } = countClasses(labels);
  if (positives === 0 || negatives === 0) return null;
  const values = new Float64Array(labels.length);
  const order = orderByScore(probabilities);
  let positivesAbove = 0;
  let doubledWins = 0;
  for (let start = 0; start < order.length; ) {
    const end = endOfTie(probabilities, { order, start });
    let tiedPositives = 0;
    for (let rank = start; rank < end; rank++) tiedPositives += labels[order[rank] as number] as number;
    const tiedNegatives = end - start - tiedPositives;
    const negativesBelow = negatives - (start - positivesAbove) - tiedNegatives;
    const ofPositive = (negativesBelow + tiedNegatives / 2) / negatives;
    const ofNegative = (positivesAbove + tiedPositives / 2) / positives;
    for (let rank = start; rank < end; rank++) {
      const index = order[rank] as number;
      values[index] = labels[index] === 1 ? ofPositive : ofNegative;
    }
    doubledWins += tiedNegatives * (2 * positivesAbove + tiedPositives);
    positivesAbove += tiedPositives;
    start = end;
  }
  return { auc: doubledWins / (2 * positives * negatives), positives, negatives, values };
}

/** S10/m + S01/n with divisors m-1 and n-1. Null when a class has fewer than two patches. */
export function covaryNaively({
  a,
  b,
  labels,
}: {
  a: Placements;
  b: Placements;
  labels: Uint8Array;
}): AucCovariance | null {
  invariant(
    a.positives === b.positives && a.negatives === b.negatives,
    'both runs are placed on the same patches',
  );
  if (a.positives < 2 || a.negatives < 2) return null;
  const covariance = { aa: 0, bb: 0, ab: 0 };
  for (let index = 0; index < labels.length; index++) {
    const count = labels[index] === 1 ? a.positives : a.negatives;
    const weight = 1 / ((count - 1) * count);
    const fromA = (a.values[index] as number) - a.auc;
    const fromB = (b.values[index] as number) - b.auc;
    covariance.aa += weight * fromA * fromA;
    covariance.bb += weight * fromB * fromB;
    covariance.ab += weight * fromA * fromB;
  }
  return covariance;
}
