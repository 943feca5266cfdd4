/**
 * The part of every additive metric that each patient contributes, so that the metric of a resample is a
 * weighted sum over patients: counts at the threshold, Brier, log loss, calibration gaps and macro values.
 */
import { binOf, CALIBRATION_BIN_COUNT, logError, squaredError } from './calibration.ts';
import { classificationMetrics } from './confusion.ts';
import { MACRO_METRICS, type MacroMetric, tabulatePatients } from './patient-table.ts';
import type { Scored } from './scored.ts';

export type PatientSums = {
  patches: Float64Array;
  positives: Float64Array;
  truePositives: Float64Array;
  falsePositives: Float64Array;
  squaredErrors: Float64Array;
  logErrors: Float64Array;
  /** [patient * 15 + bin]: probabilities less outcomes of the patient's patches in the bin. */
  calibrationGaps: Float64Array;
  topLabelGaps: Float64Array;
  /** NaN where the patient does not have the metric. */
  macro: Record<MacroMetric, Float64Array>;
};

/** The metrics that follow from such sums. */
export const ADDITIVE_METRICS = [
  'accuracy',
  'balancedAccuracy',
  'sensitivity',
  'specificity',
  'ppv',
  'npv',
  'f1',
  'mcc',
  'kappa',
  'brier',
  'logLoss',
  'ece',
  'eceTopLabel',
  'prevalence',
] as const;

/** One pass over the patches. */
export function sumByPatient({
  scored,
  threshold,
  patientCount,
}: {
  scored: Scored;
  threshold: number;
  patientCount: number;
}): PatientSums {
  const column = (width = 1) => new Float64Array(patientCount * width);
  const sums = {
    patches: column(),
    positives: column(),
    truePositives: column(),
    falsePositives: column(),
    squaredErrors: column(),
    logErrors: column(),
    calibrationGaps: column(CALIBRATION_BIN_COUNT),
    topLabelGaps: column(CALIBRATION_BIN_COUNT),
  };
  for (let index = 0; index < scored.labels.length; index++) {
    const patient = scored.patients[index] as number;
    const label = scored.labels[index] as number;
    const probability = scored.probabilities[index] as number;
    add(sums.patches, { at: patient, value: 1 });
    add(sums.positives, { at: patient, value: label });
    if (probability >= threshold)
      add(label === 1 ? sums.truePositives : sums.falsePositives, { at: patient, value: 1 });
    add(sums.squaredErrors, { at: patient, value: squaredError(probability, label) });
    add(sums.logErrors, { at: patient, value: logError(probability, label) });
    const row = patient * CALIBRATION_BIN_COUNT;
    add(sums.calibrationGaps, { at: row + binOf(probability), value: probability - label });
    const confidence = Math.max(probability, 1 - probability);
    const isRight = probability >= 0.5 === (label === 1);
    add(sums.topLabelGaps, { at: row + binOf(confidence), value: confidence - (isRight ? 1 : 0) });
  }
  return { ...sums, macro: tabulateMacro({ scored, threshold, patientCount }) };
}

/** The additive metrics of one resample. */
export function resampleAdditive(
  sums: PatientSums,
  weights: Float64Array,
): Record<(typeof ADDITIVE_METRICS)[number], number | null> {
  const patches = weigh(sums.patches, weights);
  const positives = weigh(sums.positives, weights);
  const tp = weigh(sums.truePositives, weights);
  const fp = weigh(sums.falsePositives, weights);
  return {
    ...classificationMetrics({ tp, fp, fn: positives - tp, tn: patches - positives - fp }),
    brier: weigh(sums.squaredErrors, weights) / patches,
    logLoss: weigh(sums.logErrors, weights) / patches,
    ece: sumGaps(sums.calibrationGaps, weights) / patches,
    eceTopLabel: sumGaps(sums.topLabelGaps, weights) / patches,
    prevalence: positives / patches,
  };
}

/** The macro average of one resample; NaN when no drawn patient has the metric. */
export function resampleMacro(values: Float64Array, weights: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (let patient = 0; patient < weights.length; patient++) {
    const weight = weights[patient] as number;
    const value = values[patient] as number;
    if (weight === 0 || Number.isNaN(value)) continue;
    sum += weight * value;
    count += weight;
  }
  return sum / count;
}

function tabulateMacro(request: {
  scored: Scored;
  threshold: number;
  patientCount: number;
}): PatientSums['macro'] {
  const columns = Object.fromEntries(
    MACRO_METRICS.map((metric) => [metric, new Float64Array(request.patientCount).fill(Number.NaN)]),
  ) as PatientSums['macro'];
  for (const row of tabulatePatients(request)) {
    for (const metric of MACRO_METRICS) columns[metric][row.patient] = row[metric] ?? Number.NaN;
  }
  return columns;
}

function weigh(values: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let patient = 0; patient < weights.length; patient++) {
    sum += (weights[patient] as number) * (values[patient] as number);
  }
  return sum;
}

function sumGaps(gaps: Float64Array, weights: Float64Array): number {
  const bins = new Float64Array(CALIBRATION_BIN_COUNT);
  for (let patient = 0; patient < weights.length; patient++) {
    const weight = weights[patient] as number;
    if (weight === 0) continue;
    const row = patient * CALIBRATION_BIN_COUNT;
    for (let bin = 0; bin < CALIBRATION_BIN_COUNT; bin++) {
      bins[bin] = (bins[bin] as number) + weight * (gaps[row + bin] as number);
    }
  }
  return bins.reduce((sum, gap) => sum + Math.abs(gap), 0);
}

function add(column: Float64Array, { at, value }: { at: number; value: number }): void {
  column[at] = (column[at] as number) + value;
}
