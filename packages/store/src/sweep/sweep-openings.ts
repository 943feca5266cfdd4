/** The act that opens TEST of every fold of a cross-validation together, and the pooled result that it shows. */
import { AppError } from '@microtome/domain/app-error';
import { type EvaluationWithIntervals, evaluateWithIntervals } from '@microtome/domain/evaluation/evaluation';
import { EVALUATION_DRAWS, EVALUATION_SEED } from '@microtome/domain/evaluation/evaluation-draws';
import {
  evaluateOutOfFold,
  type FoldPredictions,
  type OutOfFoldEvaluation,
} from '@microtome/domain/evaluation/out-of-fold';
import type { Run, Sweep } from '../../generated/prisma/client.ts';
import { checkOpening, type EvaluateRequest, insertTestOpening } from '../evaluation/evaluations.ts';
import { loadSealedScored, type PredictionSource } from '../evaluation/scored-predictions.ts';
import { lockRun } from '../run/run-transitions.ts';
import type { Store } from '../store.ts';
import { getSweep } from './sweeps.ts';

type OutOfFoldRequest = { folds: readonly FoldPredictions[]; draws: number; seed: number };

type OpenSweepTestRequest = {
  sweepId: string;
  /** The reason, visible to everyone. */
  reason: string;
  openedBy?: string;
  /** Where predictions are read from; from the store when left out. */
  source?: PredictionSource;
  /** Compute off the caller's thread; in place when left out. */
  evaluate?: (request: EvaluateRequest) => EvaluationWithIntervals | Promise<EvaluationWithIntervals>;
  evaluateOutOfFold?: (request: OutOfFoldRequest) => OutOfFoldEvaluation | Promise<OutOfFoldEvaluation>;
};

/** A fold that succeeded: its run and its TEST, patients numbered within the fold. */
type OpenableFold = FoldPredictions & { run: Run };

/**
 * Unseals TEST of every fold in one transaction: who, when and why, counted for the split of each fold, an evaluation of
 * each run and the pooled one. Opening twice changes nothing: the first record stays.
 * @throws AppError NOT_FOUND; BAD_INPUT without a reason or when it is no cross-validation; CONFLICT unless every fold SUCCEEDED
 */
export async function openSweepTest(store: Store, request: OpenSweepTestRequest): Promise<Sweep> {
  const { sweepId } = request;
  const who = checkOpening(request);
  const sweep = await getSweep(store, sweepId);
  const { prisma } = store.database;
  if (await prisma.sweepOpening.findUnique({ where: { sweepId } })) return sweep;
  const folds: OpenableFold[] = [];
  for (const run of await listOpenableRuns(store, sweep)) {
    const { scored } = await loadSealedScored(store, { runId: run.id, subset: 'TEST' }, request.source);
    folds.push({ run, scored, threshold: run.threshold! });
  }
  const evaluated = await evaluateFolds(folds, request);
  return prisma.$transaction(async (tx) => {
    await tx.$queryRaw`select from sweep where id = ${sweepId}::uuid for update`;
    if (await tx.sweepOpening.findUnique({ where: { sweepId } })) return sweep;
    const { metrics, intervals } = evaluated.pooled;
    await tx.sweepOpening.create({
      data: {
        sweepId,
        draws: EVALUATION_DRAWS,
        ...who,
        metrics,
        intervals,
      },
    });
    for (const { run, threshold, evaluation } of evaluated.folds) {
      await lockRun(tx, run.id);
      if (await tx.testOpening.findUnique({ where: { runId: run.id } })) continue;
      await insertTestOpening(tx, { run, threshold, evaluation, ...who });
    }
    return sweep;
  });
}

/** The runs of all folds in their order. */
async function listOpenableRuns(store: Store, sweep: Sweep): Promise<Run[]> {
  if (sweep.strategy !== 'FOLDS') {
    throw new AppError(
      'BAD_INPUT',
      `Sweep '${sweep.name}' is no cross-validation: TEST is opened for single runs, its finalists.`,
    );
  }
  const runs = await store.database.prisma.run.findMany({
    where: { sweepId: sweep.id },
    orderBy: { sweepPlace: 'asc' },
  });
  const open = runs.filter(({ status }) => status !== 'SUCCEEDED');
  if (open.length > 0) {
    const names = open.map(({ name, status }) => `'${name}' is ${status}`).join(', ');
    throw new AppError(
      'CONFLICT',
      `TEST of all folds is opened together once every run SUCCEEDED: ${names}.`,
    );
  }
  const folds = sweep.definition.splitIds.length;
  if (runs.length < folds) {
    throw new AppError(
      'CONFLICT',
      `Only ${runs.length} of the ${folds} folds of '${sweep.name}' have a run: the others were deleted.`,
    );
  }
  return runs;
}

async function evaluateFolds(folds: readonly OpenableFold[], request: OpenSweepTestRequest) {
  const { evaluate = evaluateWithIntervals, evaluateOutOfFold: evaluatePooled = evaluateOutOfFold } = request;
  const budget = { draws: EVALUATION_DRAWS, seed: EVALUATION_SEED };
  const evaluated = [];
  for (const { run, scored, threshold } of folds) {
    evaluated.push({ run, threshold, evaluation: await evaluate({ scored, threshold, ...budget }) });
  }
  const predictions = folds.map(({ scored, threshold }) => ({ scored, threshold }));
  return { folds: evaluated, pooled: await evaluatePooled({ folds: predictions, ...budget }) };
}
