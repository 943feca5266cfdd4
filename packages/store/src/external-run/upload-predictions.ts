/**
 * Predictions of an external program for a split of ours. They are kept as a worker's are, VALIDATION is evaluated at once
 * and TEST stays sealed until it is opened; once uploaded, they never change.
 */
import { AppError } from '@microtome/domain/app-error';
import { type EvaluationWithIntervals, evaluateWithIntervals } from '@microtome/domain/evaluation/evaluation';
import { EVALUATION_DRAWS, EVALUATION_SEED } from '@microtome/domain/evaluation/evaluation-draws';
import {
  createPredictionCollector,
  refuseStrays,
  takeSide,
  type UploadedPredictions,
} from '@microtome/domain/external-run/uploaded-predictions';
import { chooseThreshold } from '@microtome/domain/metrics/threshold';
import { readThresholdChoice } from '@microtome/domain/run/run-hyperparameters';
import type { Run } from '../../generated/prisma/client.ts';
import type { ArtifactRef } from '../artifacts/artifacts.ts';
import type { Transaction } from '../database/database.ts';
import type { EvaluateRequest } from '../evaluation/evaluations.ts';
import { encodePredictions, PREDICTIONS_MEDIA_TYPE } from '../evaluation/predictions.ts';
import type { Table } from '../import/table/table.ts';
import { linkRunArtifact } from '../run/run-artifacts.ts';
import { insertRunEvent } from '../run/run-events.ts';
import { getRun } from '../run/runs.ts';
import { requireSplit } from '../run/split-run.ts';
import { type LabelledPatches, listLabelledPatches } from '../split/subset-patches.ts';
import type { Store } from '../store.ts';
import { getTaskOfRun } from '../task/tasks.ts';
import { changeExternalRun, refuseRun } from './external-runs.ts';

const SIDES = ['VALIDATION', 'TEST'] as const;
const COLUMNS = ['patch', 'probability'] as const;

/** The longest file of predictions. */
export const PREDICTION_BYTES_MAX = 512 * 1024 * 1024;

type UploadRequest = {
  runId: string;
  /** With the columns `patch` and `probability`. */
  table: Table;
  /** Computes off the caller's thread; in place when left out. */
  evaluate?: (request: EvaluateRequest) => EvaluationWithIntervals | Promise<EvaluationWithIntervals>;
  /** Is there with the predictions or not at all. */
  alongside?: (tx: Transaction) => Promise<void>;
};

/** @throws AppError BAD_INPUT that names the patch; CONFLICT for a run that has predictions, or has failed */
export async function uploadPredictions(
  store: Store,
  { runId, table, evaluate = evaluateWithIntervals, alongside }: UploadRequest,
): Promise<Run> {
  const found = await getRun(store, runId);
  if (found.origin !== 'EXTERNAL') throw refuseRun(runId, found);
  const run = requireSplit(found);
  await refuseUpload(store, run);
  const { sides } = await getTaskOfRun(store, runId);
  const { splitId } = run;
  const [validation, test] = await Promise.all(
    SIDES.map((subset) => listLabelledPatches(store, { splitId, subset, sides })),
  );
  const dataset = await store.database.prisma.dataset.findUniqueOrThrow({ where: { id: run.datasetId } });
  const uploaded = await collect(table, dataset.patchCount);
  const sorted = sortOut(uploaded, [validation!, test!]);
  const { labels, patients } = validation!;
  const scored = { probabilities: sorted[0]!.probabilities, labels, patients };
  const threshold = chooseThreshold({ scored, ...readThresholdChoice(run) });
  const { metrics, intervals } = await evaluate({
    scored,
    threshold,
    draws: EVALUATION_DRAWS,
    seed: EVALUATION_SEED,
  });
  const artifacts: ArtifactRef[] = [];
  for (const side of sorted) {
    artifacts.push(await store.artifacts.put(encodePredictions(side), PREDICTIONS_MEDIA_TYPE));
  }
  return changeExternalRun(store, runId, async (tx, locked) => {
    await refuseUpload(store, locked);
    await alongside?.(tx);
    for (const [at, subset] of SIDES.entries()) {
      await linkRunArtifact(tx, { runId, role: `PREDICTIONS_${subset}`, artifact: artifacts[at]! });
    }
    const evaluation = { subset: 'VALIDATION' as const, threshold };
    await tx.evaluation.create({
      data: { runId, ...evaluation, metrics, intervals, draws: EVALUATION_DRAWS },
    });
    await insertRunEvent(tx, { runId, attempt: 0, kind: 'EVALUATION', payload: evaluation });
    return tx.run.update({ where: { id: runId }, data: { threshold } });
  });
}

async function refuseUpload(store: Store, { id: runId, name, status }: Run): Promise<void> {
  if (status !== 'RUNNING' && status !== 'SUCCEEDED') {
    throw new AppError('CONFLICT', `Run '${name}' is ${status}: it takes no predictions.`);
  }
  if ((await store.database.prisma.evaluation.count({ where: { runId } })) === 0) return;
  throw new AppError('CONFLICT', `Run '${name}' has its predictions: they are uploaded once.`);
}

async function collect(table: Table, patchCount: number): Promise<UploadedPredictions> {
  const [patch, probability] = COLUMNS.map((name) => {
    const place = table.columns.findIndex((column) => column.trim().toLowerCase() === name);
    if (place >= 0) return place;
    throw new AppError(
      'BAD_INPUT',
      `The predictions have no column '${name}': they need ${COLUMNS.join(' and ')}.`,
    );
  });
  const { add, collected } = createPredictionCollector(patchCount);
  for await (const rows of table.batches) {
    for (const { line, cells } of rows) {
      add({ line, patch: cells[patch!] ?? null, probability: cells[probability!] ?? null });
    }
  }
  return collected;
}

function sortOut(uploaded: UploadedPredictions, patches: readonly LabelledPatches[]) {
  const sorted = patches.map(({ indexes: patchIndexes }, at) => ({
    patchIndexes,
    probabilities: takeSide(uploaded, { subset: SIDES[at]!, indexes: patchIndexes }),
  }));
  refuseStrays(
    uploaded,
    patches.map(({ indexes }) => indexes),
  );
  return sorted;
}
