/**
 * Successive halving (Jamieson and Talwalkar 2016): many settings train for few epochs, the best share of them for more,
 * until the best few train in full. A run of a later rung starts from scratch: its learning-rate schedule spans its own epochs,
 * so the weights of a shorter run are not a prefix of its own.
 */
import { AppError } from '../app-error.ts';
import type { SweepMetric } from '../metrics/metric.ts';
import { type RankedRun, rankRuns } from './sweep-ranking.ts';

export const DEFAULT_ETA = 3;
const ETA_MAX = 10;
const CANDIDATES_MIN = 2;

/** One round: how many runs, and for how many epochs each. */
export type Rung = { epochs: number; runs: number };

type HalvingRequest = {
  /** Settings that begin, 2 or more. */
  candidates: number;
  /** One run in this many goes on, and trains this many times as long; whole, 2 to 10. */
  eta: number;
  minEpochs: number;
  maxEpochs: number;
};

/**
 * The rungs of a halving, first to last: rung i has floor(runs / eta) of the runs before it, at least one, and
 * minEpochs x eta^i epochs, at most maxEpochs. A single run that is left trains the full number at once.
 * @throws AppError BAD_INPUT that names the number that does not fit
 */
export function planRungs({ candidates, eta, minEpochs, maxEpochs }: HalvingRequest): Rung[] {
  if (!Number.isInteger(eta) || eta < 2 || eta > ETA_MAX)
    throw new AppError('BAD_INPUT', `eta is ${eta}: it must be a whole number from 2 to ${ETA_MAX}.`);
  if (!Number.isInteger(minEpochs) || minEpochs < 1)
    throw new AppError('BAD_INPUT', `minEpochs is ${minEpochs}: it must be a whole number from 1.`);
  if (!Number.isInteger(maxEpochs) || maxEpochs <= minEpochs) {
    throw new AppError(
      'BAD_INPUT',
      `maxEpochs is ${maxEpochs}: it must be a whole number above minEpochs, which is ${minEpochs}.`,
    );
  }
  if (candidates < CANDIDATES_MIN)
    throw new AppError('BAD_INPUT', `HALVING needs at least ${CANDIDATES_MIN} settings, not ${candidates}.`);
  const rungs: Rung[] = [{ epochs: minEpochs, runs: candidates }];
  let last = rungs[0]!;
  while (last.epochs < maxEpochs) {
    const runs = Math.max(1, Math.floor(last.runs / eta));
    last = { epochs: runs === 1 ? maxEpochs : Math.min(maxEpochs, last.epochs * eta), runs };
    rungs.push(last);
  }
  return rungs;
}

/**
 * The runs of a settled rung that go on, best first: at most `count` of those that SUCCEEDED and have the metric. A run
 * that failed or was canceled drops out, and no other takes its place.
 */
export function chooseSurvivors<Run extends RankedRun>(
  runs: readonly Run[],
  { metric, count }: { metric: SweepMetric; count: number },
): Run[] {
  return rankRuns(runs, metric)
    .filter(({ status, value }) => status === 'SUCCEEDED' && value !== null)
    .slice(0, count);
}
