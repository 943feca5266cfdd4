/** A worker that evaluates a model on another dataset, without a network: probabilities are as the test wants them. */

import { invariant } from '@microtome/domain/app-error';
import { measureExternally } from '@microtome/domain/external-evaluation/external-figures';
import { encodePredictions, PREDICTIONS_MEDIA_TYPE } from '@microtome/store/evaluation/predictions';
import {
  claimExternalEvaluation,
  examLease,
  finishExternalEvaluation,
} from '@microtome/store/external-evaluation/external-evaluation-lease';
import type { Run } from '@microtome/store/generated/prisma/client';
import { labelPatches, listDatasetPatches, pickSites } from '@microtome/store/split/subset-patches';
import { getFirstTask } from '@microtome/store/task/tasks';
import type { TestApi } from '../test-api.ts';

export const EVALUATE = `mutation ($input: EvaluateModelInput!) { evaluateModel(input: $input) { id status threshold requestedBy } }`;

/** Where models are put to the test. */
export type Exam = { api: TestApi; datasetId: string; taskId: string };

/** Asks for the evaluation and does the worker's part; an evaluation that is there already is given back. */
export async function evaluate(
  exam: Exam,
  { id: runId }: Run,
  score: (label: number, at: number) => number,
): Promise<string> {
  const { api, datasetId, taskId } = exam;
  const input = { runId, datasetId, taskId };
  const { evaluateModel } = await api.ask<{ evaluateModel: { id: string; status: string } }>(EVALUATE, {
    input,
  });
  if (evaluateModel.status === 'SUCCEEDED') return evaluateModel.id;
  await finish(exam, async ({ labels, patients, probabilities }) => {
    labels.forEach((label, at) => {
      probabilities[at] = score(label, at);
    });
    const scored = { labels, patients, probabilities };
    const { metrics, intervals } = measureExternally({ scored, threshold: 0.5, draws: 50, seed: 1 });
    return { metrics, intervals, draws: 50 };
  });
  return evaluateModel.id;
}

type Figures = Parameters<typeof finishExternalEvaluation>[1]['figures'];

/** What a worker does, without a network. */
export async function finish(
  { api, datasetId }: Exam,
  measure: (patches: {
    labels: Uint8Array;
    patients: Int32Array;
    probabilities: Float64Array;
  }) => Promise<Figures>,
): Promise<void> {
  const { store } = api;
  const { id, attempt, taskId: asked, sites } = (await claimExternalEvaluation(store, { workerId: 'w' }))!;
  const all = pickSites(await listDatasetPatches(store, { datasetId, includeStrips: false }), sites);
  const { sides } = await getFirstTask(store, datasetId);
  const { indexes, labels, patients, count } = labelPatches(all, sides);
  await examLease.plan(store, { id, attempt, patchesTotal: count });
  const probabilities = new Float64Array(count).fill(0.5);
  const figures = await measure({ labels, patients, probabilities });
  const bytes = encodePredictions({ patchIndexes: indexes, probabilities });
  const predictions = await store.artifacts.put(bytes, PREDICTIONS_MEDIA_TYPE);
  const isDone = await finishExternalEvaluation(store, {
    id,
    attempt,
    backend: 'onnx',
    predictions,
    figures,
  });
  invariant(isDone, 'the worker lost the evaluation');
  invariant((figures === null) === (asked === null), 'figures where there are labels, and only there');
}
