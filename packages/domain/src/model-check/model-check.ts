/**
 * The check of an external program's model: a worker computes the probabilities of a sample of VALIDATION and TEST once more
 * with the uploaded file, and they must be those that were uploaded. Only then is the file the model of that run.
 */
import { AppError } from '../app-error.ts';
import { countNoun } from '../count-noun.ts';

/** Where the file of a run's model lies among its files. */
export const MODEL_FILE = 'model.onnx';

/** A file beyond it is not loaded. */
export const MODEL_BYTES_MAX = 1024 ** 3;

/** By how much a probability may differ: what other arithmetic (half precision, another order of sums) explains. */
export const CHECK_TOLERANCE = 1e-3;

export const MODEL_CHECK_STATUSES = ['QUEUED', 'RUNNING', 'PASSED', 'FAILED', 'CANCELED'] as const;
export type ModelCheckStatus = (typeof MODEL_CHECK_STATUSES)[number];

/** Whether it has ended, one way or the other. */
export function isCheckSettled(status: ModelCheckStatus): boolean {
  return status !== 'QUEUED' && status !== 'RUNNING';
}

type TensorSignature = {
  name: string;
  type: string /** A name where a size is free. */;
  shape: (number | string)[];
};

/** What a model takes and gives, as its file says. */
export type ModelSignature = { input: TensorSignature; output: TensorSignature };

/** What a worker found. */
export type CheckFinding = { patches: number; maxDifference: number; worstPatch: number };

/** Compares both, patch by patch. BAD_INPUT for a number that is no probability. */
export function compareProbabilities({
  indexes,
  uploaded,
  computed,
}: {
  indexes: Int32Array;
  uploaded: Float64Array;
  computed: Float64Array;
}): CheckFinding {
  const finding = { patches: indexes.length, maxDifference: 0, worstPatch: indexes[0] ?? 0 };
  computed.forEach((probability, at) => {
    const patch = indexes[at]!;
    if (!(probability >= 0 && probability <= 1)) {
      throw new AppError(
        'BAD_INPUT',
        `The model gives ${probability} for patch ${patch}, which is no probability: it must lie in [0, 1].`,
      );
    }
    const difference = Math.abs(probability - uploaded[at]!);
    if (difference <= finding.maxDifference) return;
    finding.maxDifference = difference;
    finding.worstPatch = patch;
  });
  return finding;
}

/** Why a finding does not pass, as a sentence; null where it does. */
export function refuseFinding({ patches, maxDifference, worstPatch }: CheckFinding): string | null {
  if (patches > 0 && maxDifference <= CHECK_TOLERANCE) return null;
  if (patches === 0) return 'There is no patch of VALIDATION or TEST to check the model on.';
  return (
    `Its probabilities are not those that were uploaded: on ${countNoun(patches, 'patch')} they differ by up to ` +
    `${maxDifference.toPrecision(3)} (patch ${worstPatch}), and ${CHECK_TOLERANCE} is allowed.`
  );
}

/** A check that passed, as it is on record. */
export type CheckedModel = { patchesTotal: number; maxDifference: number | null; tolerance: number | null };

/** What a check that passed has found. */
export function describeCheck({ patchesTotal, maxDifference, tolerance }: CheckedModel): string {
  return (
    `A worker computed ${countNoun(patchesTotal, 'probability')} of VALIDATION and TEST once more with its ${MODEL_FILE}: they ` +
    `differ from the uploaded ones by at most ${(maxDifference ?? 0).toPrecision(2)}, and ${tolerance ?? CHECK_TOLERANCE} is allowed.`
  );
}

type KnownCheck = { status: ModelCheckStatus; fileHash: string; error: string | null };

/**
 * Why nothing can be made of an external run's model yet, as a sentence with the act that helps; null once its very file
 * has passed. `check` is the newest of the run.
 */
export function refuseExternalModel({
  runName,
  fileHash,
  check,
}: {
  runName: string;
  /** Of the file that is there now; null where there is none. */
  fileHash: string | null;
  check: KnownCheck | null;
}): AppError | null {
  const refuse = (why: string) => new AppError('CONFLICT', `Run '${runName}' is EXTERNAL: ${why}`);
  if (fileHash === null) return refuse(`it has no ${MODEL_FILE}. Upload the file, and have it checked.`);
  if (!check) return refuse(`its ${MODEL_FILE} was not checked yet. Have it checked.`);
  if (check.fileHash !== fileHash) {
    return refuse(`its ${MODEL_FILE} was replaced after the check. Have the new one checked.`);
  }
  switch (check.status) {
    case 'PASSED':
      return null;
    case 'QUEUED':
      return refuse(`the check of its ${MODEL_FILE} waits for a worker.`);
    case 'RUNNING':
      return refuse(`its ${MODEL_FILE} is being checked.`);
    case 'CANCELED':
      return refuse(`the check of its ${MODEL_FILE} was canceled. Have it checked.`);
    case 'FAILED':
      return refuse(`its ${MODEL_FILE} did not pass its check. ${check.error ?? ''}`.trim());
  }
}
