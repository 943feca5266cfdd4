/**
 * One row per patient: what the patient has and how a run did on it. The macro averages over patients are
 * taken from these rows, so that a patient with many patches counts no more than one with few.
 */
import { invariant } from '../app-error.ts';
import type { Confusion } from './confusion.ts';
import { measurePatches } from './measure-patches.ts';
import {
  findMetric,
  MACRO_METRICS,
  type MacroMetric,
  mapMetrics,
  POOLED_METRICS,
  type ThresholdMetric,
} from './metric.ts';
import { countClasses, countPatients, type Scored } from './scored.ts';

type PatientMetric = MacroMetric | ThresholdMetric;

/** What is measured of a patient: what is averaged over patients, and what the calls tell. */
export const PATIENT_METRICS = POOLED_METRICS.filter(
  (name): name is PatientMetric =>
    findMetric(name)?.needsThreshold === true || MACRO_METRICS.some((averaged) => averaged === name),
);

export type PatientRow = {
  /** The dense index of the patient in the scored patches. */
  patient: number;
  patches: number;
  positives: number;
  confusion: Confusion;
  /** Share of the patient's patches that are positive, and that are called positive: the area of the positive class. */
  trueArea: number;
  predictedArea: number;
} & Record<PatientMetric, number | null>;

/** The rows of all patients with at least one patch, by index. F1 is also the Dice of the called area. */
export function tabulatePatients({ scored, threshold }: { scored: Scored; threshold: number }): PatientRow[] {
  return divideByPatient(scored).flatMap((own, patient) =>
    own.labels.length > 0 ? [describePatient(patient, { own, threshold })] : [],
  );
}

/** Each patient's own patches, in their order; entry p is patient p's. */
export function divideByPatient(scored: Scored): Scored[] {
  const sizes = new Uint32Array(countPatients(scored.patients));
  for (const patient of scored.patients) sizes[patient] = (sizes[patient] as number) + 1;
  const parts = Array.from(sizes, (size) => ({
    probabilities: new Float64Array(size),
    labels: new Uint8Array(size),
    patients: new Int32Array(size),
  }));
  const filled = new Uint32Array(sizes.length);
  for (let index = 0; index < scored.patients.length; index++) {
    const patient = scored.patients[index] as number;
    const part = parts[patient];
    const place = filled[patient] as number;
    invariant(part, 'every patient has a part');
    part.probabilities[place] = scored.probabilities[index] as number;
    part.labels[place] = scored.labels[index] as number;
    filled[patient] = place + 1;
  }
  return parts;
}

/** The mean of a metric over the patients that have it; null where none has. */
export function averageOverPatients(rows: readonly PatientRow[], metric: MacroMetric): number | null {
  const values = rows.map((row) => row[metric]).filter((value) => value !== null);
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}

function describePatient(
  patient: number,
  { own, threshold }: { own: Scored; threshold: number },
): PatientRow {
  const { confusion, measure } = measurePatches({ scored: own, threshold });
  const patches = own.labels.length;
  const { positives } = countClasses(own.labels);
  return {
    patient,
    patches,
    positives,
    confusion,
    ...mapMetrics(PATIENT_METRICS, measure),
    trueArea: positives / patches,
    predictedArea: (confusion.tp + confusion.fp) / patches,
  };
}
