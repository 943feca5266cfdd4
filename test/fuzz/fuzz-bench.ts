/**
 * A real API with something of every kind in it, whose ids the generators know; and what must hold after each input:
 * nothing INTERNAL, nothing logged as an error.
 */
import { createBench, finishRun, launch, trainRun } from '../api/run-fixtures.ts';
import { startTestApi, type TestApi } from '../api/test-api.ts';

const ERROR_LEVEL = 50;

/** Ids of what there is, by the names that routes have for them. */
export type KnownIds = Record<string, string[]>;

export type FuzzBench = {
  api: TestApi;
  known: KnownIds;
  /** Something that each subscription to changes hears of. */
  changeRun(): Promise<unknown>;
  /** What was logged as an error since it was asked last, as texts. */
  takeErrors(): string[];
  close(): Promise<void>;
};

export async function openFuzzBench(): Promise<FuzzBench> {
  const api = await startTestApi();
  const known = await fill(api);
  return {
    api,
    known,
    changeRun: () =>
      api.ask('mutation ($id: ID!) { updateRun(id: $id, input: { notes: "Seen." }) { id } }', {
        id: known.runId![0],
      }),
    takeErrors() {
      const errors = api.logged.filter(({ level }) => Number(level) >= ERROR_LEVEL);
      // Kept, the lines of thousands of requests would look like memory that is lost.
      api.logged.length = 0;
      return errors.map((line) => JSON.stringify(line));
    },
    close: api.close,
  };
}

/** Runs in every state, one of them opened and registered, a sweep, a task: made as a user makes them. */
async function fill(api: TestApi): Promise<KnownIds> {
  const { store } = api;
  const bench = await createBench(store);
  const finished = await finishRun(store, bench);
  const sealed = await finishRun(store, bench, { skill: 1, seed: 3 });
  const runs = [finished, sealed, await trainRun(store, bench, { epochs: 2 }), await launch(store, bench)];
  await api.ask('mutation ($id: ID!) { openTest(runId: $id, reason: "A finalist.") { id } }', {
    id: finished.id,
  });
  const { createModel } = await api.ask<{ createModel: { id: string } }>(
    'mutation { createModel(input: { name: "detector" }) { id } }',
  );
  const { registerModelVersion } = await api.ask<{ registerModelVersion: { id: string } }>(
    'mutation ($input: RegisterModelVersionInput!) { registerModelVersion(input: $input) { id } }',
    { input: { modelId: createModel.id, runId: finished.id } },
  );
  const { launchSweep } = await api.ask<{ launchSweep: { id: string } }>(
    'mutation ($input: LaunchSweepInput!) { launchSweep(input: $input) { id } }',
    {
      input: {
        experimentId: bench.experiment.id,
        name: 'sizes',
        strategy: 'GRID',
        base: { width: 0.25, epochs: 1 },
        space: { batchSize: [8, 16] },
        splitIds: [bench.split.id],
      },
    },
  );
  const canceled = await launch(store, bench);
  await api.ask('mutation ($id: ID!) { cancelRun(id: $id) { id } }', { id: canceled.id });
  const { deleteRun } = await api.ask<{ deleteRun: { id: string } }>(
    'mutation ($id: ID!) { deleteRun(id: $id) { id } }',
    { id: canceled.id },
  );
  const { prisma } = store.database;
  const failedImport = await prisma.datasetImport.create({
    data: { name: 'lost', sourcePath: '/lost', status: 'FAILED', error: 'Lost.', finishedAt: new Date() },
  });
  const [slides, artifacts, tasks] = [
    await prisma.slide.findMany({ take: 2 }),
    await prisma.artifact.findMany({ take: 4 }),
    await prisma.task.findMany(),
  ];
  return {
    runId: runs.map(({ id }) => id),
    datasetId: [bench.dataset.datasetId],
    splitId: [bench.split.id],
    experimentId: [bench.experiment.id],
    modelId: [createModel.id],
    versionId: [registerModelVersion.id],
    sweepId: [launchSweep.id],
    slideId: slides.map(({ id }) => id),
    deletionId: [deleteRun.id],
    importId: [failedImport.id],
    taskId: tasks.map(({ id }) => id),
    hash: artifacts.map(({ hash }) => hash),
    number: ['1'],
    file: ['0.png', '1.png', 'model.json', 'weights.bin', 'model.onnx'],
  };
}
