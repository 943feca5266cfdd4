/** A run that an external program records, from beginning to end, and what it can never do. */
import {
  createExternalExperiment,
  findExperimentByName,
  openExternalExperiment,
} from '@microtome/store/experiment/external-experiments';
import {
  finishExternalRun,
  heartbeatExternalRun,
  joinSplit,
  markSilentRuns,
  reopenExternalRun,
  startExternalRun,
} from '@microtome/store/external-run/external-runs';
import { logHyperparameters, logText } from '@microtome/store/external-run/logged-facts';
import { logExternalMetrics } from '@microtome/store/external-run/logged-metrics';
import {
  deleteRunFiles,
  getRunFile,
  listRunFiles,
  putRunFile,
} from '@microtome/store/external-run/run-files';
import { deleteLabel, listLabels, setLabels } from '@microtome/store/external-run/run-labels';
import { createModel } from '@microtome/store/model/models';
import { listEvents } from '@microtome/store/run/run-events';
import { claimRun, launchRun, requestCancel, retryRun } from '@microtome/store/run/run-lifecycle';
import { deleteRun, getRun } from '@microtome/store/run/runs';
import { describe, expect, it } from 'vitest';
import { launchTestRun } from '../../fixtures/run.ts';
import { openBench } from '../open-bench.ts';

const { store, bench } = await openBench();
const { prisma, pool } = store.database;
let count = 0;

async function start(request: Partial<Parameters<typeof startExternalRun>[1]> = {}) {
  count += 1;
  const { id: experimentId } = await createExternalExperiment(store, { name: `outside ${count}` });
  return startExternalRun(store, { experimentId, ...request });
}

describe('a run of an external program', () => {
  it('begins without dataset, split or seed, and ends as its program says', async () => {
    const run = await start({ architecture: 'ViT-S/16', hyperparameters: { lr: '1e-4', layers: [1, 2] } });
    expect(run).toMatchObject({
      origin: 'EXTERNAL',
      status: 'RUNNING',
      splitId: null,
      seed: null,
      attempt: 0,
    });
    expect((await getRun(store, run.id)).hyperparameters).toEqual({ lr: '1e-4', layers: [1, 2] });
    const ended = await finishExternalRun(store, { runId: run.id, status: 'FAILED', error: 'out of memory' });
    expect(ended).toMatchObject({ status: 'FAILED', error: 'out of memory' });
    expect(await finishExternalRun(store, { runId: run.id, status: 'FAILED' })).toMatchObject({
      status: 'FAILED',
    });
    await expect(finishExternalRun(store, { runId: run.id, status: 'SUCCEEDED' })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    expect(await reopenExternalRun(store, run.id)).toMatchObject({ status: 'RUNNING', error: null });
    const statuses = (await listEvents(store, { runId: run.id, afterSeq: 0, limit: 10 })).map(
      ({ payload }) => payload,
    );
    expect(statuses).toMatchObject([{ status: 'RUNNING' }, { status: 'FAILED' }, { status: 'RUNNING' }]);
  });

  it('is claimed by no worker, retried by no one, and launched into no experiment without a dataset', async () => {
    const run = await start();
    expect(await claimRun(store, { runId: run.id, workerId: 'w' })).toBeNull();
    expect(await requestCancel(store, run.id)).toMatchObject({ status: 'CANCELED' });
    expect(await heartbeatExternalRun(store, run.id)).toEqual({ status: 'CANCELED', isCanceled: true });
    await expect(retryRun(store, run.id)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(
      launchRun(store, { experimentId: run.experimentId, splitId: bench.split.id, hyperparameters: {} }),
    ).rejects.toMatchObject({ code: 'BAD_INPUT' });
    for (const change of [`status = 'QUEUED'`, `attempt = 1`, `origin = 'WORKER'`]) {
      await expect(pool.query(`update run set ${change} where id = $1`, [run.id])).rejects.toThrow();
    }
  });

  it('becomes no version of a model and sits no exam before its model was checked: the database refuses both', async () => {
    const { id } = await start();
    await finishExternalRun(store, { runId: id, status: 'SUCCEEDED' });
    const refusal = `Run ${id} is EXTERNAL, and its model.onnx has not passed a check.`;
    const model = await createModel(store, { name: 'of-another-program' });
    await expect(
      pool.query('insert into model_version (id, run_id, model_id) values (gen_random_uuid(), $1, $2)', [
        id,
        model.id,
      ]),
    ).rejects.toThrow(refusal);
    await expect(
      pool.query(
        'insert into external_evaluation (id, run_id, dataset_id) values (gen_random_uuid(), $1, $2)',
        [id, bench.datasetId],
      ),
    ).rejects.toThrow(refusal);
  });

  it('gives its experiment the dataset of its split, and stays on that split', async () => {
    const run = await start();
    const joined = await joinSplit(store, { runId: run.id, splitId: bench.split.id });
    expect(joined).toMatchObject({ splitId: bench.split.id, datasetId: bench.split.datasetId });
    const experiment = await prisma.experiment.findUniqueOrThrow({ where: { id: run.experimentId } });
    expect(experiment.datasetId).toBe(bench.split.datasetId);
    expect(experiment.taskId).not.toBeNull();
    const next = await startExternalRun(store, { experimentId: run.experimentId });
    expect(next).toMatchObject({ datasetId: bench.split.datasetId, splitId: null });
    await expect(
      pool.query(`update run set split_id = null, split_kind = null where id = $1`, [run.id]),
    ).rejects.toThrow(/never changes/);
  });

  it('is silent after a while, and no more once it is heard', async () => {
    const run = await start();
    await pool.query(`update external_run set heard_at = now() - interval '11 minutes' where run_id = $1`, [
      run.id,
    ]);
    expect(await markSilentRuns(store)).toBeGreaterThan(0);
    const look = () => prisma.externalRun.findUniqueOrThrow({ where: { runId: run.id } });
    expect((await look()).silentSince).not.toBeNull();
    await logExternalMetrics(store, { runId: run.id, points: [{ name: 'loss', value: 1 }] });
    expect((await look()).silentSince).toBeNull();
  });

  it('is made once by name, however many programs begin at the same time', async () => {
    const made = await Promise.all([1, 2, 3].map(() => openExternalExperiment(store, 'all at once')));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await findExperimentByName(store, 'all at once')).toMatchObject({ datasetId: null });
  });
});

describe('what it tells', () => {
  it('of hyperparameters stays: the same again is nothing, another value is refused whole', async () => {
    const { id: runId } = await start({ hyperparameters: { lr: 0.1, nested: { a: 1, b: 2 } } });
    await logHyperparameters(store, { runId, hyperparameters: { nested: { b: 2, a: 1 }, depth: 3 } });
    await expect(
      logHyperparameters(store, { runId, hyperparameters: { width: 8, lr: 0.2 } }),
    ).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining("'lr'") });
    expect((await getRun(store, runId)).hyperparameters).toEqual({
      lr: 0.1,
      nested: { a: 1, b: 2 },
      depth: 3,
    });
    await expect(
      pool.query(`update run set hyperparameters = '{"lr": 0.3}' where id = $1`, [runId]),
    ).rejects.toThrow(/never changes/);
  });

  it('of text is in its log, cut between lines where it is long', async () => {
    const { id: runId } = await start();
    await logText(store, { runId, text: `one\r\ntwo\n${'x'.repeat(3_990)}\n${'y'.repeat(20)}` });
    const events = await listEvents(store, { runId, afterSeq: 1, limit: 10 });
    expect(events.map(({ payload }) => ('line' in payload ? payload.line.length : -1))).toEqual([3_998, 20]);
  });

  it('of tags with values is replaced and taken off', async () => {
    const { id: runId } = await start();
    await setLabels(store, { runId, labels: { a: '1', b: '2' } });
    await setLabels(store, { runId, labels: { b: '3' } });
    await deleteLabel(store, { runId, key: 'a' });
    expect(await listLabels(store, [runId])).toEqual([{ runId, key: 'b', value: '3' }]);
    await expect(deleteLabel(store, { runId, key: 'a' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(
      setLabels(store, { runId: '00000000-0000-4000-8000-000000000000', labels: { a: '1' } }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('of files is listed by folder, replaced, and freed with the run', async () => {
    const { id: runId } = await start();
    const put = (path: string, text: string) =>
      putRunFile(store, { runId, path, mediaType: 'text/plain', source: new TextEncoder().encode(text) });
    await put('plots/a_b.txt', 'one');
    await put('plots/deep/c.txt', 'two');
    const first = await put('note.txt', `first ${runId}`);
    await put('note.txt', 'second');
    expect(await store.artifacts.has(first.artifactHash)).toBe(false);
    expect(await listRunFiles(store, { runId })).toEqual([
      { path: 'note.txt', isFolder: false, bytes: 6n },
      { path: 'plots', isFolder: true, bytes: null },
    ]);
    expect((await listRunFiles(store, { runId, folder: 'plots/' })).map(({ path }) => path)).toEqual([
      'plots/a_b.txt',
      'plots/deep',
    ]);
    for (const path of ['../x', '/etc', 'a//b', '', 'a\\b']) {
      await expect(put(path, 'x')).rejects.toMatchObject({ code: 'BAD_INPUT' });
    }
    await deleteRunFiles(store, { runId, path: 'plots' });
    await expect(getRunFile(store, { runId, path: 'plots/a_b.txt' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await finishExternalRun(store, { runId, status: 'CANCELED' });
    await deleteRun(store, runId);
    expect(await prisma.runFile.count({ where: { runId } })).toBe(0);
  });

  it('is for no run of a worker', async () => {
    const { id: runId } = await launchTestRun(store, bench);
    const acts = [
      () => logHyperparameters(store, { runId, hyperparameters: { a: 1 } }),
      () => logText(store, { runId, text: 'x' }),
      () => finishExternalRun(store, { runId, status: 'SUCCEEDED' }),
      () => heartbeatExternalRun(store, runId),
      () => logExternalMetrics(store, { runId, points: [{ name: 'x', value: 1 }] }),
    ];
    for (const act of acts) await expect(act()).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});
