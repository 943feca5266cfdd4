/** Evaluations of finished runs, and the act that opens TEST: recorded permanently and counted per split. */
import { AppError } from '@microtome/domain/app-error';
import { type EvaluationWithIntervals, evaluateWithIntervals } from '@microtome/domain/evaluation/evaluation';
import { EVALUATION_DRAWS, EVALUATION_SEED } from '@microtome/domain/evaluation/evaluation-draws';
import type { Scored } from '@microtome/domain/metrics/scored';
import { checkPerson, checkText } from '@microtome/domain/text-rules';
import type { Run } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database/database.ts';
import { insertRunEvent } from '../run/run-events.ts';
import { lockRun } from '../run/run-transitions.ts';
import { getRun } from '../run/runs.ts';
import { requireSplit } from '../run/split-run.ts';
import { spendTestBudget } from '../split/test-budget.ts';
import type { Store } from '../store.ts';
import { loadSealedScored, type PredictionSource } from './scored-predictions.ts';

export type EvaluateRequest = { scored: Scored; threshold: number; draws: number; seed: number };

type OpenTestRequest = {
  runId: string;
  /** The reason, visible to everyone. */
  reason: string;
  openedBy?: string;
  /** Where predictions are read from; from the store when left out. */
  source?: PredictionSource;
  /** Computes off the caller's thread; in place when left out. */
  evaluate?: (request: EvaluateRequest) => EvaluationWithIntervals | Promise<EvaluationWithIntervals>;
};

/**
 * Unseals TEST for one run: writes who, when and why, and the evaluation on TEST at the run's threshold, in one
 * transaction. Opening twice changes nothing: the first record stays.
 * @throws AppError NOT_FOUND; BAD_INPUT without a reason; CONFLICT when the run has not SUCCEEDED, or TEST of its split was opened as often as it may be
 */
export async function openTest(store: Store, request: OpenTestRequest): Promise<Run> {
  const { runId, evaluate = evaluateWithIntervals } = request;
  const { reason, openedBy } = checkOpening(request);
  const { name, status, threshold, testOpened, sweep } = await findOpenable(store, runId);
  if (testOpened) return getRun(store, runId);
  if (sweep?.strategy === 'FOLDS') {
    throw new AppError(
      'CONFLICT',
      `Run '${name}' is a fold of the cross-validation '${sweep.name}': TEST of its folds is opened together, on the sweep.`,
    );
  }
  if (status !== 'SUCCEEDED' || threshold === null) {
    throw new AppError('CONFLICT', `Run '${name}' is ${status}: TEST is opened for a run that SUCCEEDED.`);
  }
  const { scored } = await loadSealedScored(store, { runId, subset: 'TEST' }, request.source);
  const { metrics, intervals } = await evaluate({
    scored,
    threshold,
    draws: EVALUATION_DRAWS,
    seed: EVALUATION_SEED,
  });
  return store.database.prisma.$transaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (!run) throw new AppError('NOT_FOUND', `There is no run ${runId}.`);
    if (await tx.testOpening.findUnique({ where: { runId } })) return run;
    await insertTestOpening(tx, { run, threshold, openedBy, reason, evaluation: { metrics, intervals } });
    return { ...run, lastSeq: run.lastSeq + 1 };
  });
}

type NewTestOpening = {
  run: Pick<Run, 'id' | 'name' | 'splitId' | 'attempt'>;
  threshold: number;
  openedBy: string;
  reason: string;
  evaluation: Pick<EvaluationWithIntervals, 'metrics' | 'intervals'>;
};

/** Writes who opened TEST of a run and why, its evaluation and the event, within the caller's transaction. */
export async function insertTestOpening(
  tx: Transaction,
  { run, threshold, openedBy, reason, evaluation }: NewTestOpening,
): Promise<void> {
  const runId = run.id;
  const { splitId } = requireSplit(run);
  await spendTestBudget(tx, splitId);
  await tx.testOpening.create({ data: { runId, splitId, runName: run.name, openedBy, reason } });
  await tx.evaluation.create({
    data: {
      runId,
      subset: 'TEST',
      threshold,
      metrics: evaluation.metrics,
      intervals: evaluation.intervals,
      draws: EVALUATION_DRAWS,
    },
  });
  const payload = { subset: 'TEST' as const, threshold, openedBy, reason };
  await insertRunEvent(tx, { runId, attempt: run.attempt, kind: 'EVALUATION', payload });
}

/** Who opens TEST and why, as it is kept; BAD_INPUT without a reason. */
export function checkOpening(request: { reason: string; openedBy?: string }): {
  reason: string;
  openedBy: string;
} {
  return {
    reason: checkText(request.reason, 'reason'),
    openedBy: checkPerson(request.openedBy),
  };
}

async function findOpenable(store: Store, runId: string) {
  const { name, status, threshold, sweepId } = await getRun(store, runId);
  const { prisma } = store.database;
  const opening = await prisma.testOpening.findUnique({ where: { runId } });
  const sweep = sweepId ? await prisma.sweep.findUnique({ where: { id: sweepId } }) : null;
  return { name, status, threshold, sweep, testOpened: opening !== null };
}
