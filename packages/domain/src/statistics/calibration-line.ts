/**
 * Calibration by logistic recalibration (Cox 1958; Van Calster et al. 2019, BMC Medicine 17:230): with z the log-odds of
 * the predicted probability, the intercept is the a of logit P(positive) = a + z ("calibration in the large"; 0 is
 * right, below 0 the probabilities are too high), the slope is the b of logit P(positive) = a + b z (1 is right, below 1
 * the probabilities are too extreme). Both are maximum likelihood by Newton's steps. Their variance is the sandwich with
 * patients as clusters (Liang and Zeger 1986), without a correction for their number.
 */

import { toLogit } from '../metrics/calibration.ts';
import { countClasses, countPatients, type Scored } from '../metrics/scored.ts';
import type { Interval } from './binomial-interval.ts';

const STEPS_MAX = 100;
const STEP_ENOUGH = 1e-12;
const HALVINGS_MAX = 40;
/** Classes that a threshold parts have no finite slope. */
const SLOPE_MAX = 1e4;
/** 97.5 % of the normal distribution. */
const NORMAL_QUANTILE = 1.959963984540054;

/** Without an interval where all patches are one patient's. */
type Estimate = { value: number; interval: Interval | null };

export type CalibrationLine = {
  /** Null where a class is missing. */
  intercept: Estimate | null;
  /** Null too where a threshold parts the classes, or all probabilities are the same. */
  slope: Estimate | null;
};

/** Intercept and slope with 95 % intervals by patient. */
export function fitCalibrationLine(scored: Scored): CalibrationLine {
  const { positives, negatives } = countClasses(scored.labels);
  if (positives === 0 || negatives === 0) return { intercept: null, slope: null };
  const logits = scored.probabilities.map(toLogit);
  const hasSpread = countPatients(scored.patients) > 1;
  return {
    intercept: estimate(fit(logits, scored, { isSlopeFree: false }), { at: 0, hasSpread }),
    slope: estimate(fit(logits, scored, { isSlopeFree: true }), { at: 1, hasSpread }),
  };
}

type Fit = { coefficients: Line; variances: [number, number] };

function estimate(fitted: Fit | null, { at, hasSpread }: { at: 0 | 1; hasSpread: boolean }): Estimate | null {
  if (!fitted) return null;
  const value = fitted.coefficients[at];
  if (!hasSpread) return { value, interval: null };
  const reach = NORMAL_QUANTILE * Math.sqrt(fitted.variances[at]);
  return { value, interval: [value - reach, value + reach] };
}

function fit(logits: Float64Array, scored: Scored, { isSlopeFree }: { isSlopeFree: boolean }): Fit | null {
  let line: Line = [0, isSlopeFree ? 0 : 1];
  let sums = sumDerivatives(logits, scored.labels, line);
  for (let turn = 0; turn < STEPS_MAX; turn++) {
    const inverse = invert(sums, isSlopeFree);
    if (!inverse) return null;
    const step: Line = [
      inverse[0] * sums.scoreA + inverse[1] * sums.scoreB,
      inverse[1] * sums.scoreA + inverse[2] * sums.scoreB,
    ];
    if (isSmall(step[0], line[0]) && isSmall(step[1], line[1])) {
      return { coefficients: line, variances: findVariances({ logits, scored, line, inverse }) };
    }
    ({ line, sums } = climb({ logits, labels: scored.labels, line, sums, step }));
    if (!(Math.abs(line[1]) < SLOPE_MAX)) return null;
  }
  return null;
}

/** A step that would lower the likelihood is halved until it does not: far from the maximum Newton's is too long. */
function climb({
  logits,
  labels,
  line,
  sums,
  step,
}: {
  logits: Float64Array;
  labels: Uint8Array;
  line: Line;
  sums: Derivatives;
  step: Line;
}): { line: Line; sums: Derivatives } {
  let share = 1;
  for (let halving = 0; halving < HALVINGS_MAX; halving++, share /= 2) {
    const next: Line = [line[0] + share * step[0], line[1] + share * step[1]];
    const found = sumDerivatives(logits, labels, next);
    const tolerance = Number.EPSILON * labels.length * Math.abs(sums.likelihood);
    if (found.likelihood >= sums.likelihood - tolerance) return { line: next, sums: found };
  }
  return { line, sums };
}

function isSmall(step: number, from: number): boolean {
  return Math.abs(step) <= STEP_ENOUGH * (1 + Math.abs(from));
}

type Line = readonly [intercept: number, slope: number];
type Derivatives = {
  /** Its logarithm. */
  likelihood: number;
  scoreA: number;
  scoreB: number;
  weight: number;
  weightZ: number;
  weightZz: number;
};

/** The log likelihood, its first derivatives, and the second ones with the sign turned. */
function sumDerivatives(logits: Float64Array, labels: Uint8Array, [a, b]: Line): Derivatives {
  const sums = { likelihood: 0, scoreA: 0, scoreB: 0, weight: 0, weightZ: 0, weightZz: 0 };
  for (let patch = 0; patch < logits.length; patch++) {
    const z = logits[patch] as number;
    const odds = a + b * z;
    const expected = sigmoid(odds);
    const residual = (labels[patch] as number) - expected;
    sums.likelihood -= softplus(labels[patch] === 1 ? -odds : odds);
    const weight = expected * (1 - expected);
    sums.scoreA += residual;
    sums.scoreB += residual * z;
    sums.weight += weight;
    sums.weightZ += weight * z;
    sums.weightZz += weight * z * z;
  }
  return sums;
}

/** The inverse of the information, upper triangle by rows; of the intercept alone where the slope is fixed. */
function invert(
  { weight, weightZ, weightZz }: Derivatives,
  isSlopeFree: boolean,
): [number, number, number] | null {
  if (!isSlopeFree) return weight > 0 ? [1 / weight, 0, 0] : null;
  const determinant = weight * weightZz - weightZ * weightZ;
  if (!(determinant > Number.EPSILON * weight * weightZz)) return null;
  return [weightZz / determinant, -weightZ / determinant, weight / determinant];
}

function findVariances({
  logits,
  scored: { labels, patients },
  line: [a, b],
  inverse: [aa, ab, bb],
}: {
  logits: Float64Array;
  scored: Scored;
  line: Line;
  inverse: readonly [number, number, number];
}): [number, number] {
  const count = countPatients(patients);
  const [scoresA, scoresB] = [new Float64Array(count), new Float64Array(count)];
  for (let patch = 0; patch < logits.length; patch++) {
    const z = logits[patch] as number;
    const residual = (labels[patch] as number) - sigmoid(a + b * z);
    const patient = patients[patch] as number;
    scoresA[patient] = (scoresA[patient] as number) + residual;
    scoresB[patient] = (scoresB[patient] as number) + residual * z;
  }
  let [varianceA, varianceB] = [0, 0];
  for (let patient = 0; patient < count; patient++) {
    const [scoreA, scoreB] = [scoresA[patient] as number, scoresB[patient] as number];
    varianceA += (aa * scoreA + ab * scoreB) ** 2;
    varianceB += (ab * scoreA + bb * scoreB) ** 2;
  }
  return [varianceA, varianceB];
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** ln(1 + e^x), without an overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
