/** The worked example on which the statistics are checked: 20 patches of 4 patients, two runs, ties on purpose. */
import type { Scored } from '@microtome/domain/metrics/scored';

const LABELS = [0, 0, 0, 0, 1, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 1, 0];
const RUN_A = [
  0.1, 0.2, 0.2, 0.4, 0.4, 0.05, 0.35, 0.6, 0.8, 0.8, 0.3, 0.5, 0.1, 0.5, 0.9, 0.7, 0.55, 0.15, 0.95, 0.45,
];
const RUN_B = [
  0.2, 0.3, 0.1, 0.5, 0.3, 0.15, 0.4, 0.5, 0.7, 0.6, 0.45, 0.5, 0.2, 0.4, 0.8, 0.75, 0.5, 0.25, 0.85, 0.35,
];

export const WORKED_A = scoredFrom(RUN_A);
export const WORKED_B = scoredFrom(RUN_B);

/** Expects a number within 1e-12 of the reference. */
export const EXACT_DIGITS = 12;

/** Scored patches from plain lists; without patients, everything is one patient's. */
export function toScored(
  probabilities: number[],
  labels: number[],
  patients: number[] = labels.map(() => 0),
): Scored {
  return {
    probabilities: Float64Array.from(probabilities),
    labels: Uint8Array.from(labels),
    patients: Int32Array.from(patients),
  };
}

function scoredFrom(probabilities: number[]): Scored {
  return toScored(
    probabilities,
    LABELS,
    LABELS.map((_, index) => Math.floor(index / 5)),
  );
}
