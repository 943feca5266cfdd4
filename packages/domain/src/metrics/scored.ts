/**
 * Scored patches: what every metric is computed from. Three arrays side by side, one entry per patch; the
 * positive class of the task is label 1, always. A patient is a cluster, named by a dense index.
 */
import { AppError } from '../app-error.ts';

export type Scored = {
  /** Probability of the positive class; metrics of ranking take any finite score. */
  probabilities: Float64Array;
  /** 1 = positive, 0 = negative. */
  labels: Uint8Array;
  /** Dense index of the patch's patient, 0 to P-1. */
  patients: Int32Array;
};

/** Scores and labels alone, for metrics that know no patients. */
export type Labelled = Pick<Scored, 'probabilities' | 'labels'>;

export type ClassCounts = { positives: number; negatives: number };

/** Counts the classes of the labels. */
export function countClasses(labels: Uint8Array): ClassCounts {
  let positives = 0;
  for (const label of labels) positives += label;
  return { positives, negatives: labels.length - positives };
}

/** The number of clusters: one more than the largest index. */
export function countPatients(patients: Int32Array): number {
  let largest = -1;
  for (const patient of patients) if (patient > largest) largest = patient;
  return largest + 1;
}

/** BAD_INPUT unless the arrays agree in length and every probability lies in [0, 1]. */
export function checkScored({ probabilities, labels, patients }: Scored): void {
  if (labels.length !== probabilities.length || patients.length !== probabilities.length) {
    throw new AppError(
      'BAD_INPUT',
      `Predictions do not line up: ${probabilities.length} probabilities, ${labels.length} labels and ` +
        `${patients.length} patients.`,
    );
  }
  const wrong = probabilities.findIndex((probability) => !(probability >= 0 && probability <= 1));
  if (wrong >= 0) {
    throw new AppError(
      'BAD_INPUT',
      `Prediction ${wrong} is ${probabilities[wrong]}: a probability lies from 0 to 1.`,
    );
  }
}

/** These patches alone, their patients numbered without gaps, in the order given or as they come. */
export function takePatches(
  scored: Scored,
  patches: readonly number[],
  patients: readonly number[] = [],
): Scored {
  const numbers = new Map(patients.map((patient, number) => [patient, number]));
  for (const patch of patches) {
    const patient = scored.patients[patch] as number;
    if (!numbers.has(patient)) numbers.set(patient, numbers.size);
  }
  return {
    probabilities: Float64Array.from(patches, (patch) => scored.probabilities[patch] as number),
    labels: Uint8Array.from(patches, (patch) => scored.labels[patch] as number),
    patients: Int32Array.from(patches, (patch) => numbers.get(scored.patients[patch] as number) as number),
  };
}
