/** Where two runs, each at its own threshold, are right and wrong on the same patches: overall and by patient. */
import { countPatients } from '../metrics/scored.ts';

export type Agreement = { bothRight: number; onlyA: number; onlyB: number; bothWrong: number };

export type PatientAgreement = {
  /** Dense index of the patient. */
  patient: number;
  patches: number;
  onlyA: number;
  onlyB: number;
  accuracyA: number;
  accuracyB: number;
};

/** Counts over all patches, and one row per patient with at least one patch, by index. */
export function countAgreement(request: {
  a: Float64Array;
  b: Float64Array;
  labels: Uint8Array;
  patients: Int32Array;
  thresholdA: number;
  thresholdB: number;
}): { agreement: Agreement; rows: PatientAgreement[] } {
  const { a, b, labels, patients, thresholdA, thresholdB } = request;
  const byPatient = Array.from({ length: countPatients(patients) }, () => createCounts());
  for (let index = 0; index < labels.length; index++) {
    const counts = byPatient[patients[index] as number] ?? createCounts();
    const isRightA = (a[index] as number) >= thresholdA === (labels[index] === 1);
    const isRightB = (b[index] as number) >= thresholdB === (labels[index] === 1);
    if (isRightA) isRightB ? counts.bothRight++ : counts.onlyA++;
    else isRightB ? counts.onlyB++ : counts.bothWrong++;
  }
  const agreement = createCounts();
  for (const counts of byPatient) {
    for (const kind of Object.keys(agreement) as (keyof Agreement)[]) agreement[kind] += counts[kind];
  }
  return { agreement, rows: byPatient.flatMap(describePatient) };
}

function describePatient(counts: Agreement, patient: number): PatientAgreement[] {
  const { bothRight, onlyA, onlyB, bothWrong } = counts;
  const patches = bothRight + onlyA + onlyB + bothWrong;
  if (patches === 0) return [];
  const accuracyA = (bothRight + onlyA) / patches;
  const accuracyB = (bothRight + onlyB) / patches;
  return [{ patient, patches, onlyA, onlyB, accuracyA, accuracyB }];
}

function createCounts(): Agreement {
  return { bothRight: 0, onlyA: 0, onlyB: 0, bothWrong: 0 };
}
