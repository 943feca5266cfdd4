/** Canceling an external evaluation: at once while it waits, by its worker while that predicts, and one verdict in a race. */

import { deleteDataset } from '@microtome/store/dataset/datasets';
import {
  cancelExternalEvaluation,
  claimExternalEvaluation,
  examLease,
  finishExternalEvaluation,
} from '@microtome/store/external-evaluation/external-evaluation-lease';
import { requestExternalEvaluation } from '@microtome/store/external-evaluation/request-external-evaluation';
import type { ExternalEvaluation } from '@microtome/store/generated/prisma/client';
import { expect, it } from 'vitest';
import { insertDataset } from '../../fixtures/dataset.ts';
import { finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { openSharedBench } from '../open-bench.ts';

const { store, bench, other } = await openSharedBench();
const { prisma, pool } = store.database;
const run = await launchTestRun(store, bench);
await finishTestRun(store, run);
let exams = 0;
/** By the usual time a server that has just started counts no worker as silent, and this one may have. */
const SILENT = { staleAfterMs: 100 };

it('ends one that waits at once, and asked for again it waits once more', async () => {
  const { id, ...request } = await ask();
  expect(await cancelExternalEvaluation(store, id)).toMatchObject({ status: 'CANCELED', attempt: 0 });
  expect(await claimExternalEvaluation(other, { workerId: 'w' })).toBeNull();
  await expect(cancelExternalEvaluation(store, id)).rejects.toThrow('it has CANCELED already');
  const { runId, datasetId } = request;
  const again = await requestExternalEvaluation(store, { runId, datasetId, taskId: null });
  expect(again).toMatchObject({ id, status: 'QUEUED', cancelRequestedAt: null, finishedAt: null });
  const claimed = (await claimExternalEvaluation(other, { workerId: 'w' }))!;
  expect(claimed).toMatchObject({ id, attempt: 1 });
  await examLease.fail(other, { ...claimed, error: 'broken' });
});

it('tells the worker that predicts, which ends it', async () => {
  const key = await claim();
  expect(await examLease.finishCanceled(other, key)).toBe(false);
  expect(await examLease.heartbeat(other, { ...key, patchesDone: 0 })).toEqual({
    fenced: false,
    cancelRequested: false,
  });
  const asked = await cancelExternalEvaluation(store, key.id);
  expect(asked.status).toBe('RUNNING');
  expect((await cancelExternalEvaluation(store, key.id)).cancelRequestedAt).toEqual(asked.cancelRequestedAt);
  expect(await examLease.heartbeat(other, { ...key, patchesDone: 0 })).toEqual({
    fenced: false,
    cancelRequested: true,
  });
  expect(await examLease.finishCanceled(other, key)).toBe(true);
  expect(await getRow(key.id)).toMatchObject({ status: 'CANCELED', finishedAt: expect.any(Date) });
  expect(await examLease.heartbeat(other, { ...key, patchesDone: 0 })).toEqual({ fenced: true });
});

it('takes effect when the worker stops, breaks down or falls silent instead of answering', async () => {
  for (const error of [null, 'It fell over.']) {
    const key = await claim();
    await cancelExternalEvaluation(store, key.id);
    await examLease.release(other, { ...key, error });
    expect(await getRow(key.id)).toMatchObject({ status: 'CANCELED', error: null });
  }
  const silent = await claim();
  await cancelExternalEvaluation(store, silent.id);
  await silence(silent.id);
  expect(await examLease.reap(other, SILENT)).toBe(1);
  expect(await getRow(silent.id)).toMatchObject({ status: 'CANCELED' });
});

it('one whose worker fell silent waits again by itself, and is given up after three', async () => {
  const { id } = await ask();
  for (const lost of [1, 2]) {
    await claimExternalEvaluation(store, { workerId: 'w' });
    await silence(id);
    expect(await examLease.reap(other, SILENT)).toBe(1);
    const error = `The worker of attempt ${lost} fell silent.`;
    expect(await getRow(id)).toMatchObject({ status: 'QUEUED', lostAttempts: lost, error });
  }
  await claimExternalEvaluation(store, { workerId: 'w' });
  await silence(id);
  await Promise.all([examLease.reap(other, SILENT), examLease.reap(store, SILENT)]);
  expect(await getRow(id)).toMatchObject({ status: 'FAILED', error: expect.stringContaining('3 workers') });
});

it('and ending at the same time come to one verdict, and what was canceled first never succeeds', async () => {
  for (let round = 0; round < 6; round++) {
    const key = await claim();
    const file = await store.artifacts.put(Buffer.from(`exam ${round}`), 'application/octet-stream');
    const finish = () =>
      round % 2 === 0
        ? finishExternalEvaluation(other, { ...key, backend: 'onnx', predictions: file, figures: null })
        : examLease.fail(other, { ...key, error: 'broken' });
    const [canceled, ended] = await Promise.allSettled([cancelExternalEvaluation(store, key.id), finish()]);
    const isSuccess = round % 2 === 0 && canceled.status === 'rejected';
    const word = round % 2 === 1 ? 'FAILED' : isSuccess ? 'SUCCEEDED' : 'CANCELED';
    expect(ended).toMatchObject({ status: 'fulfilled', value: word !== 'CANCELED' });
    if (canceled.status === 'rejected') expect(canceled.reason.message).toContain(`it has ${word} already`);
    expect(await getRow(key.id)).toMatchObject({ status: word });
    expect(await examLease.finishCanceled(other, key)).toBe(false);
  }
  const key = await claim();
  await cancelExternalEvaluation(store, key.id);
  const file = await store.artifacts.put(Buffer.from('too late'), 'application/octet-stream');
  const late = { ...key, backend: 'onnx', predictions: file, figures: null };
  expect(await finishExternalEvaluation(other, late)).toBe(false);
  expect(await getRow(key.id)).toMatchObject({ status: 'CANCELED', artifactHash: null });
});

it('and a claim at the same time come to one verdict', async () => {
  for (let round = 0; round < 6; round++) {
    const { id } = await ask();
    const [canceled, claimed] = await Promise.all([
      cancelExternalEvaluation(store, id),
      claimExternalEvaluation(other, { workerId: 'w' }),
    ]);
    expect(canceled.status).toBe(claimed ? 'RUNNING' : 'CANCELED');
    if (claimed) expect(await examLease.finishCanceled(other, claimed)).toBe(true);
    expect(await getRow(id)).toMatchObject({ status: 'CANCELED' });
  }
});

it('frees the dataset of an exam that came to nothing, and keeps that of one with a result', async () => {
  const { id, datasetId } = await ask();
  await expect(deleteDataset(store, datasetId)).rejects.toThrow('1 model was put to the test on it');
  await cancelExternalEvaluation(store, id);
  await deleteDataset(store, datasetId);
  expect(await prisma.externalEvaluation.findUnique({ where: { id } })).toBeNull();
});

it('is held by the database: none is CANCELED unasked, and none waits while it is being canceled', async () => {
  const { id } = await ask();
  const cancel = `update external_evaluation set status = 'CANCELED', finished_at = now() where id = $1`;
  await expect(pool.query(cancel, [id])).rejects.toThrow('external_evaluation_canceled_check');
  const ask2 = 'update external_evaluation set cancel_requested_at = now() where id = $1';
  await expect(pool.query(ask2, [id])).rejects.toThrow('external_evaluation_queued_check');
  await cancelExternalEvaluation(store, id);
});

async function ask(): Promise<ExternalEvaluation> {
  exams += 1;
  const shape = { patients: 2, patchesPerPatient: 4, patchSizePx: 8, seed: 100 + exams };
  const patientKeys = [`a${exams}`, `b${exams}`];
  const { datasetId } = await insertDataset(store, { ...shape, patientKeys });
  return requestExternalEvaluation(store, { runId: run.id, datasetId, taskId: null });
}

async function claim(): Promise<{ id: string; attempt: number }> {
  const { id } = await ask();
  const claimed = (await claimExternalEvaluation(other, { workerId: 'w' }))!;
  expect(claimed.id).toBe(id);
  return { id, attempt: claimed.attempt };
}

async function silence(id: string): Promise<void> {
  await pool.query(`update external_evaluation set heartbeat_at = now() - interval '1 day' where id = $1`, [
    id,
  ]);
}

function getRow(id: string): Promise<ExternalEvaluation> {
  return prisma.externalEvaluation.findUniqueOrThrow({ where: { id } });
}
