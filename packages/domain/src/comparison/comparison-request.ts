/** A request to compare runs: which runs, against which reference, on which patients. */
import { AppError } from '../app-error.ts';

const COMPARED_RUNS_MIN = 2;
const COMPARED_RUNS_MAX = 200;

export type ComparisonRequest = {
  runIds: readonly string[];
  /** Tests each run against this one; without it every pair of up to 4 runs, else against the best on VALIDATION. */
  referenceId: string | null;
  /** Where the TEST patients of two runs differ, pairs the runs on the patients that both have. */
  sharedPatientsOnly: boolean;
};

/** The request with each run once. BAD_INPUT unless there are 2 to 200 runs and the reference is one of them. */
export function checkComparison(request: ComparisonRequest): ComparisonRequest {
  const { referenceId } = request;
  const runIds = [...new Set(request.runIds)];
  if (runIds.length < COMPARED_RUNS_MIN || runIds.length > COMPARED_RUNS_MAX) {
    throw new AppError(
      'BAD_INPUT',
      `Compare ${COMPARED_RUNS_MIN} to ${COMPARED_RUNS_MAX} different runs, not ${runIds.length}.`,
    );
  }
  if (referenceId !== null && !runIds.includes(referenceId)) {
    throw new AppError('BAD_INPUT', `The reference '${referenceId}' is not among the compared runs.`);
  }
  return { ...request, runIds };
}
