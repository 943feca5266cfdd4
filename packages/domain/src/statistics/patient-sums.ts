/**
 * The part of every additive metric that each patient contributes, so that the metrics of a resample are weighted sums
 * over patients: counts at the threshold, Brier, log loss, calibration gaps and macro values. All of a patient's parts lie
 * side by side, so that one pass over the patients sums them all.
 */
import { binOf, CALIBRATION_BIN_COUNT, logError, squaredError } from '../metrics/calibration.ts';
import { classificationMetrics } from '../metrics/confusion.ts';
import { MACRO_METRICS, tabulatePatients } from '../metrics/patient-table.ts';
import type { Scored } from '../metrics/scored.ts';

const PATCHES = 0;
const POSITIVES = 1;
const TRUE_POSITIVES = 2;
const FALSE_POSITIVES = 3;
const SQUARED_ERRORS = 4;
const LOG_ERRORS = 5;
/** By bin: probabilities less outcomes. */
const CALIBRATION_GAPS = 6;
const TOP_LABEL_GAPS = CALIBRATION_GAPS + CALIBRATION_BIN_COUNT;
/** The patient's own value of each macro metric, 0 where it has none, and then 1 where it has one. */
const MACRO_VALUES = TOP_LABEL_GAPS + CALIBRATION_BIN_COUNT;
const MACRO_COUNTS = MACRO_VALUES + MACRO_METRICS.length;
const WIDTH = MACRO_COUNTS + MACRO_METRICS.length;

/** [patient * WIDTH + part]. */
export type PatientSums = Float64Array;
/** The same parts, summed over the patients of one resample. */
export type ResampleSums = Float64Array;

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
  const sums = new Float64Array(patientCount * WIDTH);
  const add = (at: number, value: number) => {
    sums[at] = (sums[at] as number) + value;
  };
  for (let index = 0; index < scored.labels.length; index++) {
    const row = (scored.patients[index] as number) * WIDTH;
    const label = scored.labels[index] as number;
    const probability = scored.probabilities[index] as number;
    add(row + PATCHES, 1);
    add(row + POSITIVES, label);
    if (probability >= threshold) add(row + (label === 1 ? TRUE_POSITIVES : FALSE_POSITIVES), 1);
    add(row + SQUARED_ERRORS, squaredError(probability, label));
    add(row + LOG_ERRORS, logError(probability, label));
    add(row + CALIBRATION_GAPS + binOf(probability), probability - label);
    const confidence = Math.max(probability, 1 - probability);
    const isRight = probability >= 0.5 === (label === 1);
    add(row + TOP_LABEL_GAPS + binOf(confidence), confidence - (isRight ? 1 : 0));
  }
  addMacroValues(sums, { scored, threshold });
  return sums;
}

/** Sums the parts of all patients, each as often as it is drawn. */
export function resampleSums(sums: PatientSums, weights: Float64Array): ResampleSums {
  const total = new Float64Array(WIDTH);
  for (let patient = 0; patient < weights.length; patient++) {
    const weight = weights[patient] as number;
    if (weight === 0) continue;
    const row = patient * WIDTH;
    for (let part = 0; part < WIDTH; part++) {
      total[part] = (total[part] as number) + weight * (sums[row + part] as number);
    }
  }
  return total;
}

/** The additive metrics of one resample. */
export function measureAdditive(
  total: ResampleSums,
): Record<(typeof ADDITIVE_METRICS)[number], number | null> {
  const patches = total[PATCHES] as number;
  const positives = total[POSITIVES] as number;
  const tp = total[TRUE_POSITIVES] as number;
  const fp = total[FALSE_POSITIVES] as number;
  return {
    ...classificationMetrics({ tp, fp, fn: positives - tp, tn: patches - positives - fp }),
    brier: (total[SQUARED_ERRORS] as number) / patches,
    logLoss: (total[LOG_ERRORS] as number) / patches,
    ece: sumGaps(total, CALIBRATION_GAPS) / patches,
    eceTopLabel: sumGaps(total, TOP_LABEL_GAPS) / patches,
    prevalence: positives / patches,
  };
}

/** A macro average of one resample, by its place in MACRO_METRICS; NaN when no drawn patient has the metric. */
export function measureMacro(total: ResampleSums, metric: number): number {
  return (total[MACRO_VALUES + metric] as number) / (total[MACRO_COUNTS + metric] as number);
}

function addMacroValues(sums: PatientSums, request: { scored: Scored; threshold: number }): void {
  for (const row of tabulatePatients(request)) {
    MACRO_METRICS.forEach((metric, at) => {
      const value = row[metric];
      if (value === null) return;
      sums[row.patient * WIDTH + MACRO_VALUES + at] = value;
      sums[row.patient * WIDTH + MACRO_COUNTS + at] = 1;
    });
  }
}

function sumGaps(total: ResampleSums, first: number): number {
  let sum = 0;
  for (let bin = first; bin < first + CALIBRATION_BIN_COUNT; bin++) sum += Math.abs(total[bin] as number);
  return sum;
}
