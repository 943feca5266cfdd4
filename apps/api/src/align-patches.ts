/** The patches that two runs on one data set both predicted, side by side, as the paired statistics take them. */
import type { ScoredSubset } from './scored-subset.ts';

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
  const positionsB = new Map(Array.from(b.patchIndexes, (index, position) => [index, position]));
  const positions = Array.from(a.patchIndexes.keys()).filter((position) =>
    positionsB.has(a.patchIndexes[position] ?? -1),
  );
  if (positions.length === 0) return null;
  const { probabilities, labels, patients } = a.scored;
  const present = [...new Set(positions.map((position) => patients[position] ?? 0))].sort((x, y) => x - y);
  // Numbers must have no gaps, and a patient all of whose patches only one run predicted would leave one.
  const numbers = new Map(present.map((patient, number) => [patient, number]));
  return {
    a: Float64Array.from(positions, (position) => probabilities[position] ?? Number.NaN),
    b: Float64Array.from(positions, (position) => {
      const positionB = positionsB.get(a.patchIndexes[position] ?? -1) ?? -1;
      return b.scored.probabilities[positionB] ?? Number.NaN;
    }),
    labels: Uint8Array.from(positions, (position) => labels[position] ?? 0),
    patients: Int32Array.from(positions, (position) => numbers.get(patients[position] ?? 0) ?? 0),
    patientKeys: present.map((patient) => a.patientKeys[patient] ?? ''),
  };
}
