/**
 * The part of every additive metric that each patient contributes, so that the metrics of a resample are weighted sums
 * over patients: counts at the threshold, sums of the metrics of calibration and macro values. All of a patient's parts lie
 * side by side, so that one pass over the patients sums them all.
 */
import { CALIBRATION_MEASURES, type CalibrationMeasure } from '../metrics/calibration-measures.ts';
import { classificationMetrics } from '../metrics/confusion.ts';
import { type CalibrationMetric, MACRO_METRICS, type ThresholdMetric } from '../metrics/metric.ts';
import { tabulatePatients } from '../metrics/patient-table.ts';
import type { Scored } from '../metrics/scored.ts';

const PATCHES = 0;
const POSITIVES = 1;
const TRUE_POSITIVES = 2;
const FALSE_POSITIVES = 3;
/** Each metric of calibration with where its own sums begin. */
const CALIBRATION = placeCalibration(FALSE_POSITIVES + 1);
/** The patient's own value of each macro metric, 0 where it has none, and then 1 where it has one. */
const MACRO_VALUES = CALIBRATION.end;
const MACRO_COUNTS = MACRO_VALUES + MACRO_METRICS.length;
const WIDTH = MACRO_COUNTS + MACRO_METRICS.length;

/** [patient * WIDTH + part]. */
type PatientSums = Float64Array;
/** The same parts, summed over the patients of one resample. */
type ResampleSums = Float64Array;

/** The metrics that follow from such sums. */
export type AdditiveMetric = ThresholdMetric | CalibrationMetric | 'prevalence';

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
    for (const { measure, at } of CALIBRATION.placed) measure.add(sums, row + at, { probability, label });
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
export function measureAdditive(total: ResampleSums): Record<AdditiveMetric, number | null> {
  const patches = total[PATCHES] as number;
  const positives = total[POSITIVES] as number;
  const tp = total[TRUE_POSITIVES] as number;
  const fp = total[FALSE_POSITIVES] as number;
  const calibration = CALIBRATION.placed.map(({ name, measure, at }) => [
    name,
    measure.read(total, at, patches),
  ]);
  return {
    ...classificationMetrics({ tp, fp, fn: positives - tp, tn: patches - positives - fp }),
    ...(Object.fromEntries(calibration) as Record<CalibrationMetric, number>),
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

function placeCalibration(first: number) {
  let end = first;
  const measures = Object.entries(CALIBRATION_MEASURES) as [CalibrationMetric, CalibrationMeasure][];
  const placed = measures.map(([name, measure]) => {
    const at = end;
    end += measure.sumCount;
    return { name, measure, at };
  });
  return { placed, end };
}
