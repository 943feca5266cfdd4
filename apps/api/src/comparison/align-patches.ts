/** The patches that two runs on one data set both predicted, side by side, as the paired statistics take them. */
import type { ScoredSubset } from '../evaluation/scored-subset.ts';

export type AlignedPatches = {
  a: Float64Array;
  b: Float64Array;
  labels: Uint8Array;
  patients: Int32Array;
  /** By the numbers in `patients`. */
  patientKeys: string[];
};

/**
 * One may have left out edge strips, or be tested on other patients: what only one of them predicted is left out. Null
 * when they share nothing.
 */
export function alignPatches({ a, b }: { a: ScoredSubset; b: ScoredSubset }): AlignedPatches | null {
  const { positionsA, positionsB } = findShared(a.patchIndexes, b.patchIndexes);
  if (positionsA.length === 0) return null;
  const { probabilities, labels, patients } = a.scored;
  const patientsOfA = positionsA.map((position) => patients[position] ?? 0);
  const present = [...new Set(patientsOfA)].sort((x, y) => x - y);
  // Numbers must have no gaps, and a patient all of whose patches only one run predicted would leave one.
  const numbers = new Map(present.map((patient, number) => [patient, number]));
  return {
    a: Float64Array.from(positionsA, (position) => probabilities[position] ?? Number.NaN),
    b: Float64Array.from(positionsB, (position) => b.scored.probabilities[position] ?? Number.NaN),
    labels: Uint8Array.from(positionsA, (position) => labels[position] ?? 0),
    patients: patientsOfA.map((patient) => numbers.get(patient) ?? 0),
    patientKeys: present.map((patient) => a.patientKeys[patient] ?? ''),
  };
}

/** Both lists rise, so one walk along the two finds what they share. */
function findShared(a: Int32Array, b: Int32Array): { positionsA: Int32Array; positionsB: Int32Array } {
  const positionsA = new Int32Array(Math.min(a.length, b.length));
  const positionsB = new Int32Array(positionsA.length);
  let count = 0;
  for (let [inA, inB] = [0, 0]; inA < a.length && inB < b.length; ) {
    const difference = (a[inA] as number) - (b[inB] as number);
    if (difference === 0) {
      positionsA[count] = inA;
      positionsB[count++] = inB;
    }
    if (difference <= 0) inA++;
    if (difference >= 0) inB++;
  }
  return { positionsA: positionsA.subarray(0, count), positionsB: positionsB.subarray(0, count) };
}
