/**
 * Predictions that an external program uploads: one probability for each patch of VALIDATION and TEST, no more and no fewer.
 * What is wrong is told by the first patch that it is about.
 */
import { AppError } from '../app-error.ts';

type PredictionRow = { line: number; patch: string | null; probability: string | null };

export type UploadedPredictions = {
  /** By the number of the patch within its dataset; NaN where none was uploaded. */
  probabilities: Float64Array;
  count: number;
};

/** @throws AppError BAD_INPUT that names the line */
export function createPredictionCollector(patchCount: number): {
  add(row: PredictionRow): void;
  collected: UploadedPredictions;
} {
  const collected = { probabilities: new Float64Array(patchCount).fill(Number.NaN), count: 0 };
  return {
    collected,
    add({ line, patch, probability }) {
      const index = readNumber(patch);
      if (!Number.isInteger(index) || index < 0 || index >= patchCount) {
        throw new AppError(
          'BAD_INPUT',
          `Line ${line} names patch '${patch ?? ''}': patches are numbered 0 to ${patchCount - 1}.`,
        );
      }
      const value = readNumber(probability);
      if (!(value >= 0 && value <= 1)) {
        throw new AppError(
          'BAD_INPUT',
          `The probability of patch ${index} is '${probability ?? ''}': it must lie in [0, 1].`,
        );
      }
      if (!Number.isNaN(collected.probabilities[index])) {
        throw new AppError(
          'BAD_INPUT',
          `Patch ${index} is predicted twice, the second time in line ${line}.`,
        );
      }
      collected.probabilities[index] = value;
      collected.count += 1;
    },
  };
}

/** Those of the patches of one side, in their order. BAD_INPUT for one that is missing. */
export function takeSide(
  { probabilities }: UploadedPredictions,
  { subset, indexes }: { subset: string; indexes: Int32Array },
): Float64Array {
  return Float64Array.from(indexes, (index) => {
    const probability = probabilities[index];
    if (probability !== undefined && !Number.isNaN(probability)) return probability;
    throw new AppError(
      'BAD_INPUT',
      `Patch ${index} of ${subset} has no prediction: every one of them needs one.`,
    );
  });
}

/** BAD_INPUT for a patch on neither side. */
export function refuseStrays(
  { probabilities, count }: UploadedPredictions,
  sides: readonly Int32Array[],
): void {
  const asked = new Set(sides.flatMap((indexes) => [...indexes]));
  if (count === asked.size) return;
  const stray = probabilities.findIndex(
    (probability, index) => !Number.isNaN(probability) && !asked.has(index),
  );
  throw new AppError(
    'BAD_INPUT',
    `Patch ${stray} is predicted, and is no patch of VALIDATION or TEST that the task takes in.`,
  );
}

function readNumber(cell: string | null): number {
  return cell === null || cell.trim() === '' ? Number.NaN : Number(cell);
}
