import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, createBench, launch, trainRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi, take } from '../test-api.ts';

const LAUNCH =
  'mutation ($input: LaunchRunInput!) { launchRun(input: $input) { id status name hyperparameters } }';
const CREATE_SPLIT =
  'mutation ($input: CreateSplitInput!) { createSplit(input: $input) { splits { id digest unsafe fold folds } } }';
let api: TestApi;
let bench: Bench;

beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store);
});
afterAll(() => api.close());

const launchInput = (over: object = {}) => ({
  input: {
    experimentId: bench.experiment.id,
    splitId: bench.split.id,
    hyperparameters: { epochs: 2 },
    ...over,
  },
});

describe('launching', () => {
  it('queues a run with every hyperparameter filled in, and its job', async () => {
    const { launchRun } = await api.ask<{
      launchRun: { id: string; status: string; hyperparameters: object };
    }>(LAUNCH, launchInput());
    expect(launchRun.status).toBe('QUEUED');
    expect(launchRun.hyperparameters).toMatchObject({ epochs: 2, architecture: 'shallow', batchSize: 64 });
    const { rows } = await api.store.database.pool.query(
      `select 1 from pgboss.job where data ->> 'runId' = $1`,
      [launchRun.id],
    );
    expect(rows).toHaveLength(1);
  });

  it.each([
    ['an unknown hyperparameter', { hyperparameters: { learningrate: 1 } }, 'BAD_INPUT', /learningrate/],
    ['a value out of range', { hyperparameters: { epochs: 0 } }, 'BAD_INPUT', /epochs.*0/],
    ['an unknown network', { hyperparameters: { architecture: 'vgg' } }, 'BAD_INPUT', /vgg/],
    ['an unknown backend', { backend: 'tpu' }, 'BAD_INPUT', /tpu/],
    ['an unknown split', { splitId: randomUUID() }, 'NOT_FOUND', /There is no split/],
    ['an id that is none', { experimentId: 'mine' }, 'NOT_FOUND', /There is no experiment 'mine'/],
  ])('refuses %s with a sentence that names it', async (_name, over, code, message) => {
    expect(await api.fail(LAUNCH, launchInput(over))).toEqual({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('leaves nothing behind when it is refused', async () => {
    const countRuns = () => api.store.database.prisma.run.count();
    const before = await countRuns();
    await api.fail(LAUNCH, launchInput({ hyperparameters: { epochs: -1 } }));
    expect(await countRuns()).toBe(before);
  });

  it('launches a sweep whole, and cancels it whole', async () => {
    const { launchSweep } = await api.ask<{
      launchSweep: { id: string; runs: { status: string; seed: number }[] };
    }>(
      'mutation ($input: LaunchSweepInput!) { launchSweep(input: $input) { id strategy runs { status seed } } }',
      {
        input: {
          experimentId: bench.experiment.id,
          splitIds: [bench.split.id],
          name: 'seeds',
          strategy: 'SEEDS',
          base: { epochs: 1 },
          seeds: [1, 2, 3],
        },
      },
    );
    expect(launchSweep.runs.map(({ seed }) => seed)).toEqual([1, 2, 3]);
    const { cancelSweep } = await api.ask<{
      cancelSweep: { canceledAt: string; runs: { status: string }[] };
    }>('mutation ($id: ID!) { cancelSweep(id: $id) { canceledAt runs { status } } }', { id: launchSweep.id });
    expect(cancelSweep.canceledAt).toBeTruthy();
    expect(cancelSweep.runs.map(({ status }) => status)).toEqual(['CANCELED', 'CANCELED', 'CANCELED']);
  });
});

describe('a run', () => {
  it('is canceled at once while queued, and by its worker while training', async () => {
    const queued = await launch(api.store, bench);
    const running = await trainRun(api.store, bench);
    const cancel = (id: string) =>
      api.ask('mutation ($id: ID!) { cancelRun(id: $id) { status cancelRequestedAt } }', { id });
    expect(await cancel(queued.id)).toMatchObject({ cancelRun: { status: 'CANCELED' } });
    expect(await cancel(running.id)).toMatchObject({
      cancelRun: { status: 'RUNNING', cancelRequestedAt: expect.any(String) },
    });
    expect(await api.fail('mutation ($id: ID!) { cancelRun(id: $id) { id } }', { id: queued.id })).toEqual({
      code: 'CONFLICT',
      message: expect.stringMatching(/cannot be canceled: it has CANCELED already/),
    });
  });

  it('is retried when canceled, and not while it waits', async () => {
    const { id } = await launch(api.store, bench);
    const retry = 'mutation ($id: ID!) { retryRun(id: $id) { status } }';
    expect(await api.fail(retry, { id })).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/is QUEUED/),
    });
    await api.ask('mutation ($id: ID!) { cancelRun(id: $id) { id } }', { id });
    expect(await api.ask(retry, { id })).toEqual({ retryRun: { status: 'QUEUED' } });
  });

  it('is renamed, noted, tagged, archived and brought back; what is left out stays', async () => {
    const { id } = await launch(api.store, bench);
    const update =
      'mutation ($id: ID!, $input: UpdateRunInput!) { updateRun(id: $id, input: $input) { name notes tags } }';
    await api.ask(update, { id, input: { name: 'Baseline', tags: ['a', 'b'] } });
    expect(await api.ask(update, { id, input: { notes: 'Good.' } })).toEqual({
      updateRun: { name: 'Baseline', notes: 'Good.', tags: ['a', 'b'] },
    });
    expect(await api.fail(update, { id, input: { name: ' ' } })).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/name/),
    });
    const archive =
      'mutation ($id: ID!, $archived: Boolean) { archiveRun(id: $id, archived: $archived) { archivedAt } }';
    expect(
      await api.ask(archive.replace(', $archived: Boolean', '').replace(', archived: $archived', ''), { id }),
    ).toEqual({ archiveRun: { archivedAt: expect.any(String) } });
    expect(
      await api.ask('mutation ($id: ID!) { archiveRun(id: $id, archived: false) { archivedAt } }', { id }),
    ).toEqual({ archiveRun: { archivedAt: null } });
  });

  it('is deleted once settled, not while it trains', async () => {
    const { id } = await trainRun(api.store, bench);
    const remove = 'mutation ($id: ID!) { deleteRun(id: $id) { subjectId } }';
    expect(await api.fail(remove, { id })).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/is RUNNING: cancel it/),
    });
    const queued = await launch(api.store, bench);
    await api.ask('mutation ($id: ID!) { cancelRun(id: $id) { id } }', { id: queued.id });
    expect(await api.ask(remove, { id: queued.id })).toEqual({ deleteRun: { subjectId: queued.id } });
    expect(await api.ask('query ($id: ID!) { run(id: $id) { id } }', { id: queued.id })).toEqual({
      run: null,
    });
    expect(await api.fail(remove, { id: queued.id })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('takes numbers from outside, all or none', async () => {
    const { id } = await launch(api.store, bench);
    const log =
      'mutation ($id: ID!, $m: [MetricInput!]!) { logMetrics(runId: $id, metrics: $m) { latestMetric(name: "mine") } }';
    const point = (epoch: number, value: number) => ({ name: 'mine', epoch, value });
    expect(await api.ask(log, { id, m: [point(1, 0.5), point(2, 0.75)] })).toEqual({
      logMetrics: { latestMetric: 0.75 },
    });
    expect(await api.fail(log, { id, m: [point(3, 1), point(2, 1)] })).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/'mine' at epoch 2/),
    });
    expect(await api.fail(log, { id, m: [point(0, 1)] })).toMatchObject({ code: 'BAD_INPUT' });
    expect(
      await api.ask('query ($id: ID!) { run(id: $id) { metrics { points { epoch } } } }', { id }),
    ).toEqual({
      run: { metrics: [{ points: [{ epoch: 1 }, { epoch: 2 }] }] },
    });
  });

  it('does not open TEST before it succeeded', async () => {
    const { id } = await trainRun(api.store, bench);
    expect(
      await api.fail('mutation ($id: ID!) { openTest(runId: $id, reason: "Now.") { id } }', { id }),
    ).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/is RUNNING/),
    });
  });
});

describe('splits, experiments and datasets', () => {
  const splitInput = (over: object) => ({
    input: { datasetId: bench.dataset.datasetId, strategy: 'PATIENT_STRATIFIED', ...over },
  });

  it('make the same split from the same request, k splits for k folds, and mark the unsafe one', async () => {
    type Made = { createSplit: { splits: { digest: string; unsafe: boolean; fold: number }[] } };
    const [first, second] = [
      await api.ask<Made>(CREATE_SPLIT, splitInput({ seed: 5 })),
      await api.ask<Made>(CREATE_SPLIT, splitInput({ seed: 5 })),
    ];
    expect(first).toEqual(second);
    const folds = await api.ask<Made>(CREATE_SPLIT, splitInput({ strategy: 'K_FOLD', folds: 5 }));
    expect(folds.createSplit.splits.map(({ fold }) => fold)).toEqual([0, 1, 2, 3, 4]);
    const unsafe = await api.ask<Made>(CREATE_SPLIT, splitInput({ strategy: 'RANDOM_PATCH' }));
    expect(unsafe.createSplit.splits[0]!.unsafe).toBe(true);
  });

  it.each([
    [
      'shares that do not sum to 1',
      { fractions: { train: 0.5, validation: 0.5, test: 0.5 } },
      'BAD_INPUT',
      /sum to 1/,
    ],
    ['a negative seed', { seed: -1 }, 'BAD_INPUT', /seed|Seed/],
    ['more folds than patients', { strategy: 'K_FOLD', folds: 50 }, 'BAD_INPUT', /50/],
    ['an unknown dataset', { datasetId: randomUUID() }, 'NOT_FOUND', /There is no dataset/],
  ])('refuse %s', async (_name, over, code, message) => {
    expect(await api.fail(CREATE_SPLIT, splitInput(over))).toEqual({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('stay while something stands on them', async () => {
    expect(
      await api.fail('mutation ($id: ID!) { deleteDataset(id: $id) { id } }', {
        id: bench.dataset.datasetId,
      }),
    ).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/cannot be deleted: \d+ runs? depend/),
    });
    expect(
      await api.fail('mutation ($id: ID!) { deleteSplit(id: $id) }', { id: bench.split.id }),
    ).toMatchObject({ code: 'CONFLICT' });
    const other = await createBench(api.store, { seed: 9 });
    expect(await api.ask('mutation ($id: ID!) { deleteSplit(id: $id) }', { id: other.split.id })).toEqual({
      deleteSplit: other.split.id,
    });
    expect(
      await api.ask('mutation ($id: ID!) { deleteDataset(id: $id) { subjectId finishedAt } }', {
        id: other.dataset.datasetId,
      }),
    ).toEqual({
      deleteDataset: { subjectId: other.dataset.datasetId, finishedAt: null },
    });
  });

  it('refuse an experiment whose name is taken', async () => {
    const input = { datasetId: bench.dataset.datasetId, name: bench.experiment.name };
    expect(
      await api.fail('mutation ($input: CreateExperimentInput!) { createExperiment(input: $input) { id } }', {
        input,
      }),
    ).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(bench.experiment.name),
    });
  });
});

describe('an import', () => {
  const IMPORT = 'mutation ($input: ImportDatasetInput!) { importDataset(input: $input) { id status name } }';

  it.each([
    ['outside the import roots', () => '/etc', 'FORBIDDEN', /'\/etc' is not below an import root/],
    ['that is not there', () => join(api.importRoot, 'nothing'), 'NOT_FOUND', /There is no file or folder/],
  ])('refuses a path %s', async (_name, path, code, message) => {
    expect(await api.fail(IMPORT, { input: { path: path() } })).toEqual({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('answers at once, and a folder without patches fails with a sentence over the subscription', async () => {
    const path = join(api.importRoot, 'no-patches');
    await mkdir(path);
    await writeFile(join(path, 'readme.txt'), 'nothing here');
    const { importDataset } = await api.ask<{ importDataset: { id: string; status: string } }>(IMPORT, {
      input: { path },
    });
    expect(importDataset.status).toBe('RUNNING');
    type State = { datasetImport: { status: string; error: string | null } };
    const states = await take(
      api.follow<State>('subscription ($id: ID!) { datasetImport(id: $id) { status error } }', {
        id: importDataset.id,
      }),
      1000,
    );
    expect(states.at(-1)!.datasetImport).toEqual({ status: 'FAILED', error: expect.stringMatching(/\.$/) });
  });
});
