/**
 * What the questions of the cookbook are asked of: three finished runs with TEST open, one that failed, one that waits, a worker, a model with a
 * champion, a receiver, and sixty or more runs that were drawn. A question names its variables as they are called here.
 */
import { addReceiver } from '@microtome/store/announcement/receivers';
import { openTest } from '@microtome/store/evaluation/evaluations';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { promoteModelVersion } from '@microtome/store/model/promotions';
import { finishFailed } from '@microtome/store/run/run-lifecycle';
import { updateRun } from '@microtome/store/run/runs';
import { registerWorker } from '@microtome/store/run/workers';
import { createSplit } from '@microtome/store/split/create-split';
import { auditStoredSplit } from '@microtome/store/split/split-audit';
import type { Store } from '@microtome/store/store';
import { drawRuns, insertRuns } from '../../fixtures/seeded/seeded-runs.ts';
import { createBench, finishRun, launch, trainRun } from '../run-fixtures.ts';

const LENIENT = {
  requireColourBaseline: false,
  championAucMargin: 0.5,
  maximumEce: 1,
  minimumTestPatients: 0,
  maximumTestOpenings: 1000,
};

/** The value of each variable that a question may name. */
export async function seedCookbook(
  store: Store,
  { drawnRuns = 60, epochs = 4 }: { drawnRuns?: number; epochs?: number } = {},
): Promise<Record<string, unknown>> {
  const bench = await createBench(store);
  const machine = { hostname: 'lab', pid: 7, device: 'CPU', versions: {} };
  await registerWorker(store, { id: 'worker', backends: ['onnx'], ...machine });
  await auditStoredSplit(store, { splitId: bench.split.id });
  await addReceiver(store, {
    medium: 'WEBHOOK',
    address: 'http://127.0.0.1:9/hook',
    kinds: ['RUN_SUCCEEDED'],
  });
  const runs = [];
  for (const seed of [1, 2, 3]) {
    const run = await finishRun(store, bench, { seed, skill: 1 + seed });
    await openTest(store, { runId: run.id, reason: 'a finalist', openedBy: 'Ada' });
    await updateRun(store, { runId: run.id, tags: ['finalist', `seed-${seed}`] });
    runs.push(run);
  }
  const failed = await trainRun(store, bench, { epochs: 1 });
  await finishFailed(store, { runId: failed.id, attempt: failed.attempt, error: 'The disk is full.' });
  await launch(store, bench);
  const model = await createModel(store, { name: 'idc', policy: LENIENT, createdBy: 'Ada' });
  for (const { id: runId } of runs) await registerModelVersion(store, { modelId: model.id, runId });
  const version = await store.database.prisma.modelVersion.findFirstOrThrow({ where: { number: 1 } });
  await promoteModelVersion(store, { versionId: version.id, reason: 'the best so far', promotedBy: 'Ada' });
  const { patientId } = await store.database.prisma.splitPatient.findFirstOrThrow({
    where: { splitId: bench.split.id, subset: 'TRAIN' },
  });
  const { experiment, dataset } = bench;
  const { datasetId } = dataset;
  const [other] = await createSplit(store, { datasetId, strategy: 'PATIENT_STRATIFIED', seed: 2 });
  const places = [{ experimentId: experiment.id, datasetId, splitId: other!.id }];
  const drawn = drawRuns({ count: drawnRuns, seed: 1, places, epochs, endsAt: new Date() });
  await insertRuns(store, drawn);
  const { name: datasetName } = await store.database.prisma.dataset.findFirstOrThrow();
  return {
    datasetName,
    experimentName: experiment.name,
    patientKey: (await store.database.prisma.patient.findUniqueOrThrow({ where: { id: patientId } })).key,
    datasetId: bench.dataset.datasetId,
    splitId: bench.split.id,
    experimentId: bench.experiment.id,
    runId: runs[0]!.id,
    // The last differs from the others, and has no TEST to compare.
    runIds: [...runs, drawn.find(({ status }) => status === 'FAILED')!].map(({ id }) => id),
    modelId: model.id,
    modelName: model.name,
    versionNumber: 2,
    patientId,
    after: 0,
  };
}
