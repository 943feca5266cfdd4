/**
 * Whether a probability means what it says: Brier score, log loss, expected calibration error in its two
 * definitions, reliability bins, and the one-parameter calibration that is stored with a model.
 */
import type { Labelled } from './scored.ts';

export const CALIBRATION_BIN_COUNT = 15;

/** Probabilities are kept this far from 0 and 1, so that the log loss of one sure mistake and its logit are finite. */
const MARGIN = 2 ** -52;

const TEMPERATURE_MIN = 0.05;
const TEMPERATURE_MAX = 20;
const BISECTIONS = 60;

/**
 * `positive`: probability of the positive class against its frequency. `topLabel`: the larger of p and 1-p
 * against the share of correct calls at one half (Guo et al. 2017).
 */
export type CalibrationDefinition = 'positive' | 'topLabel';

type ReliabilityBin = {
  index: number;
  count: number;
  meanProbability: number;
  /** Share of positive patches (of correct calls under `topLabel`). */
  frequency: number;
};

type Binning = {
  definition?: CalibrationDefinition;
  binCount?: number;
  /** `width`: equal parts of [0, 1]; `mass`: equal numbers of patches. */
  bins?: 'width' | 'mass';
};

/** Mean squared distance of probability and label (Brier 1950), [0, 1]; null without patches. */
export function brier({ probabilities, labels }: Labelled): number | null {
  return mean(probabilities, (probability, index) => squaredError(probability, labels[index] as number));
}

/** Mean negative log likelihood in nats; null without patches. */
export function logLoss({ probabilities, labels }: Labelled): number | null {
  return mean(probabilities, (probability, index) => logError(probability, labels[index] as number));
}

export function squaredError(probability: number, label: number): number {
  return (probability - label) * (probability - label);
}

/** The log loss of one patch, in nats, at most 36.05. */
export function logError(probability: number, label: number): number {
  const ofLabel = label === 1 ? probability : 1 - probability;
  return -Math.log(keepInside(ofLabel));
}

/** Equal-width bin of a probability: (lower, upper], so 0 falls into bin 0. */
export function binOf(probability: number, binCount = CALIBRATION_BIN_COUNT): number {
  return Math.min(binCount - 1, Math.max(0, Math.ceil(probability * binCount) - 1));
}

/** The bins of a reliability diagram; empty ones are left out. */
export function reliabilityBins(scored: Labelled, binning: Binning = {}): ReliabilityBin[] {
  const { definition = 'positive', binCount = CALIBRATION_BIN_COUNT, bins = 'width' } = binning;
  const { confidences, outcomes } = readOutcomes(scored, definition);
  const ranks = bins === 'mass' ? rankRising(confidences) : null;
  const sums = Array.from({ length: binCount }, () => ({ count: 0, confidence: 0, outcome: 0 }));
  confidences.forEach((confidence, index) => {
    const rank = ranks?.[index];
    const bin =
      rank === undefined ? binOf(confidence, binCount) : Math.floor((rank * binCount) / confidences.length);
    const sum = sums[bin];
    if (!sum) return;
    sum.count++;
    sum.confidence += confidence;
    sum.outcome += outcomes[index] as number;
  });
  return sums.flatMap(({ count, confidence, outcome }, index) =>
    count > 0 ? [{ index, count, meanProbability: confidence / count, frequency: outcome / count }] : [],
  );
}

/** Mean distance of probability and frequency over the bins, weighted by patches, [0, 1]; null without patches. */
export function expectedCalibrationError(scored: Labelled, binning: Binning = {}): number | null {
  const bins = reliabilityBins(scored, binning);
  const total = scored.probabilities.length;
  if (total === 0) return null;
  return bins.reduce(
    (sum, bin) => sum + (bin.count / total) * Math.abs(bin.frequency - bin.meanProbability),
    0,
  );
}

/** The largest such distance in any bin; null without patches. */
export function maximumCalibrationError(scored: Labelled, binning: Binning = {}): number | null {
  const gaps = reliabilityBins(scored, binning).map((bin) => Math.abs(bin.frequency - bin.meanProbability));
  return gaps.length > 0 ? Math.max(...gaps) : null;
}

/**
 * The temperature T in [0.05, 20] for which sigmoid(logit / T) has the least log loss on these patches. The
 * loss is convex in 1/T, so its slope is bisected. 1 when a class is missing: nothing can be fitted then.
 */
export function fitTemperature(logits: ArrayLike<number>, labels: ArrayLike<number>): number {
  let positives = 0;
  for (let index = 0; index < labels.length; index++) positives += labels[index] as number;
  if (positives === 0 || positives === labels.length) return 1;
  const slope = (sharpness: number) => {
    let sum = 0;
    for (let index = 0; index < logits.length; index++) {
      const logit = logits[index] as number;
      sum += logit * (calibrate(logit, 1 / sharpness) - (labels[index] as number));
    }
    return sum;
  };
  let low = 1 / TEMPERATURE_MAX;
  let high = 1 / TEMPERATURE_MIN;
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) high = middle;
    else low = middle;
  }
  return 2 / (low + high);
}

/** The probability of the positive class: sigmoid(logit / temperature). */
export function calibrate(logit: number, temperature: number): number {
  return 1 / (1 + Math.exp(-logit / temperature));
}

/** The logit that `calibrate` takes back at temperature 1; that of 0 and of 1 is finite. */
export function toLogit(probability: number): number {
  const inside = keepInside(probability);
  return Math.log(inside / (1 - inside));
}

/** What a patch is binned by, and whether it came true. */
export function outcomeOf(
  definition: CalibrationDefinition,
  probability: number,
  label: number,
): { confidence: number; outcome: number } {
  if (definition === 'positive') return { confidence: probability, outcome: label };
  const isRight = probability >= 0.5 === (label === 1);
  return { confidence: Math.max(probability, 1 - probability), outcome: isRight ? 1 : 0 };
}

function keepInside(probability: number): number {
  return Math.min(1 - MARGIN, Math.max(MARGIN, probability));
}

function readOutcomes({ probabilities, labels }: Labelled, definition: CalibrationDefinition) {
  const confidences = new Float64Array(probabilities.length);
  const outcomes = new Uint8Array(probabilities.length);
  for (let index = 0; index < probabilities.length; index++) {
    const patch = outcomeOf(definition, probabilities[index] as number, labels[index] as number);
    confidences[index] = patch.confidence;
    outcomes[index] = patch.outcome;
  }
  return { confidences, outcomes };
}

function rankRising(values: Float64Array): Uint32Array {
  const order = Uint32Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
  const ranks = new Uint32Array(values.length);
  order.forEach((index, rank) => {
    ranks[index] = rank;
  });
  return ranks;
}

function mean(values: Float64Array, measure: (value: number, index: number) => number): number | null {
  if (values.length === 0) return null;
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += measure(values[index] as number, index);
  return sum / values.length;
}
