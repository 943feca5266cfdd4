/** One of everything that a page shows, made by the store's own functions without training. */
import { DEFAULT_PROJECT_ID } from '@microtome/domain/access/principal';
import { measureExternally } from '@microtome/domain/external-evaluation/external-figures';
import { REPORT_PANEL_KINDS, writePanelBlock } from '@microtome/domain/report/report-panel';
import { openTest } from '@microtome/store/evaluation/evaluations';
import { encodePredictions, PREDICTIONS_MEDIA_TYPE } from '@microtome/store/evaluation/predictions';
import {
  claimExternalEvaluation,
  examLease,
  finishExternalEvaluation,
} from '@microtome/store/external-evaluation/external-evaluation-lease';
import { requestExternalEvaluation } from '@microtome/store/external-evaluation/request-external-evaluation';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { promoteModelVersion } from '@microtome/store/model/promotions';
import { createReport } from '@microtome/store/report/reports';
import { createSplit } from '@microtome/store/split/create-split';
import { labelPatches, listDatasetPatches } from '@microtome/store/split/subset-patches';
import type { Store } from '@microtome/store/store';
import { openSweepTest } from '@microtome/store/sweep/sweep-openings';
import { advanceSweeps } from '@microtome/store/sweep/sweep-rungs';
import { launchSweep } from '@microtome/store/sweep/sweeps';
import { getFirstTask } from '@microtome/store/task/tasks';
import { insertDataset } from '../fixtures/dataset.ts';
import { type Bench, createBench, finishTestRun, launchTestRun } from '../fixtures/run.ts';
import type { ShownIds } from './page-list.ts';

const REASON = 'The finalist of this small comparison';
const BASE = { architecture: 'shallow', width: 0.25 };

export async function fillStore(store: Store): Promise<ShownIds> {
  const bench = await createBench(store, { patchSizePx: 16 });
  const { datasetId: dataset, split } = bench;
  const [unsafe] = await createSplit(store, { datasetId: dataset, strategy: 'RANDOM_PATCH', seed: 1 });
  const runs = await finishPair(store, bench);
  const { id: model } = await createModel(store, { name: 'small-model' });
  const version = await registerModelVersion(store, {
    modelId: model,
    runId: runs[0]!,
    notes: 'The better of two.',
  });
  await promoteModelVersion(store, { versionId: version.id, reason: REASON });
  const assigned = await store.database.prisma.splitPatient.findFirstOrThrow({
    where: { splitId: split.id, subset: 'VALIDATION' },
  });
  const slide = await store.database.prisma.slide.findFirstOrThrow({
    where: { datasetId: dataset, patientId: assigned.patientId },
  });
  return {
    dataset,
    split: split.id,
    unsafeSplit: unsafe!.id,
    experiment: bench.experimentId,
    runs,
    slide: slide.id,
    model,
    report: await writeReport(store),
    sweeps: { halving: await finishHalving(store, bench), folds: await finishFolds(store, bench) },
    exam: await finishExam(store, runs[0]!),
  };
}

/** With text, and a panel of each kind. */
async function writeReport(store: Store): Promise<string> {
  const blocks = REPORT_PANEL_KINDS.map(writePanelBlock);
  const body = ['# Deep against shallow', 'Both on the *same* patients.', ...blocks].join('\n\n');
  const project = DEFAULT_PROJECT_ID;
  return (await createReport(store, { projectId: project, name: 'Deep against shallow', body })).id;
}

/** Of another centre's patients, as a worker would, without a network. */
async function finishExam(store: Store, runId: string): Promise<string> {
  const shape = { patients: 3, patchesPerPatient: 9, patchSizePx: 16, seed: 2, name: 'another centre' };
  const { datasetId } = await insertDataset(store, { ...shape, patientKeys: ['u1', 'u2', 'u3'] });
  const { id: taskId, sides } = await getFirstTask(store, datasetId);
  const { id } = await requestExternalEvaluation(store, { runId, datasetId, taskId });
  const { attempt } = (await claimExternalEvaluation(store, { workerId: 'test' }))!;
  const all = await listDatasetPatches(store, { datasetId, includeStrips: false });
  const { indexes, labels, patients, count } = labelPatches(all, sides);
  await examLease.plan(store, { id, attempt, patchesTotal: count });
  const probabilities = Float64Array.from(labels, (label, at) => 0.2 + 0.5 * label + (at % 7) / 30);
  const bytes = encodePredictions({ patchIndexes: indexes, probabilities });
  const predictions = await store.artifacts.put(bytes, PREDICTIONS_MEDIA_TYPE);
  const scored = { labels, patients, probabilities };
  const figures = { ...measureExternally({ scored, threshold: 0.5, draws: 50, seed: 1 }), draws: 50 };
  await finishExternalEvaluation(store, { id, attempt, backend: 'onnx', predictions, figures });
  return id;
}

/** Both with TEST open. A third run waits. */
async function finishPair(store: Store, bench: Bench): Promise<string[]> {
  const ids: string[] = [];
  for (const [place, architecture] of ['shallow', 'deep'].entries()) {
    const run = await launchTestRun(store, bench, { architecture });
    await finishTestRun(store, run, { skill: 0.6 + 0.2 * place, seed: place });
    await openTest(store, { runId: run.id, reason: REASON });
    ids.push(run.id);
  }
  await launchTestRun(store, bench);
  return ids;
}

/** Two settings in the first rung, the better one in the second. */
async function finishHalving(store: Store, { experimentId, split }: Bench): Promise<string> {
  const sweep = await launchSweep(store, {
    experimentId,
    name: 'halving',
    strategy: 'HALVING',
    splitIds: [split.id],
    base: BASE,
    space: { batchSize: [8, 16] },
    eta: 2,
    minEpochs: 1,
    maxEpochs: 2,
  });
  await finishWaiting(store, sweep.id);
  await advanceSweeps(store);
  await finishWaiting(store, sweep.id);
  return sweep.id;
}

async function finishFolds(store: Store, { experimentId }: Bench): Promise<string> {
  const sweep = await launchSweep(store, {
    experimentId,
    name: 'folds',
    strategy: 'FOLDS',
    folds: 3,
    base: BASE,
  });
  await finishWaiting(store, sweep.id);
  await openSweepTest(store, { sweepId: sweep.id, reason: REASON });
  return sweep.id;
}

async function finishWaiting(store: Store, sweepId: string): Promise<void> {
  const waiting = await store.database.prisma.run.findMany({ where: { sweepId, status: 'QUEUED' } });
  for (const [place, run] of waiting.entries())
    await finishTestRun(store, run, { auc: 0.8 - place / 20, seed: place });
}
