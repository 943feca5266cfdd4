/** A model put to the test on another dataset by a real worker: the same bits as at home, and none lost by a kill. */

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openTest } from '@microtome/store/evaluation/evaluations';
import { decodePredictions } from '@microtome/store/evaluation/predictions';
import { cancelExternalEvaluation } from '@microtome/store/external-evaluation/external-evaluation-lease';
import { requestExternalEvaluation } from '@microtome/store/external-evaluation/request-external-evaluation';
import type { ExternalEvaluation, Run } from '@microtome/store/generated/prisma/client';
import { getRunArtifact } from '@microtome/store/run/run-artifacts';
import { type OnSplit, requireSplit } from '@microtome/store/run/split-run';
import { listPatientsOfSide } from '@microtome/store/split/split-sides';
import { getFirstTask } from '@microtome/store/task/tasks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InsertedDataset, insertDataset } from '../../fixtures/dataset.ts';
import {
  createWorkerFixture,
  forkWorker,
  startWorker,
  type TestWorker,
  type WorkerFixture,
} from '../worker-fixture.ts';

const TIMEOUT_MS = 240_000;
const SHAPE = { patchesPerPatient: 24, patchSizePx: 16 };

describe('a model on another dataset', () => {
  let fixture: WorkerFixture;
  let run: OnSplit<Run>;
  let worker: TestWorker | null = null;
  let forked: ChildProcess | null = null;
  /** The TEST patients of the run with their pixels, under the same keys, as a dataset of their own. */
  let testAgain: InsertedDataset;

  beforeAll(async () => {
    fixture = await createWorkerFixture();
    worker = await startWorker(fixture.store);
    const { id } = await fixture.launch({ edgeStrips: 'drop' });
    run = requireSplit(await fixture.waitUntilSettled(id));
    await worker.close();
    testAgain = await copyTest();
  }, TIMEOUT_MS);
  afterAll(async () => {
    forked?.kill('SIGKILL');
    await fixture.close();
  });

  it('is refused by name where it was trained on a patient, and where TEST is sealed', async () => {
    const { store } = fixture;
    const trained = [
      ...(await listPatientsOfSide(store, { splitIds: [run.splitId], subset: 'TRAIN' })).get(run.splitId)!,
    ];
    const known = await insertDataset(store, { ...SHAPE, patients: 1, patientKeys: [trained[0]!], seed: 90 });
    await expect(ask(known)).rejects.toThrow(`was in TRAIN or VALIDATION of the run (${trained[0]})`);
    await expect(ask(testAgain)).rejects.toMatchObject({ code: 'SEALED' });
    const small = await insertDataset(store, {
      ...SHAPE,
      patients: 2,
      patientKeys: ['a', 'b'],
      patchSizePx: 12,
      seed: 3,
    });
    await expect(ask(small)).rejects.toThrow('have 12 pixels a side, and the model takes 16');
  });

  it(
    'gives the bits and the figures that TEST has at home',
    async () => {
      const { store } = fixture;
      await openTest(store, { runId: run.id, reason: 'to compare' });
      const asked = await ask(testAgain);
      expect((await ask(testAgain)).id).toBe(asked.id);
      worker = await startWorker(store);
      const done = await waitUntilDone(asked.id);
      await worker.close();
      expect(done).toMatchObject({
        status: 'SUCCEEDED',
        attempt: 1,
        threshold: run.threshold,
        backend: 'onnx',
      });
      const { artifactHash } = await getRunArtifact(store, { runId: run.id, role: 'PREDICTIONS_TEST' });
      const [home, away] = [
        await readProbabilities(artifactHash),
        await readProbabilities(done.artifactHash!),
      ];
      expect(away).toEqual(home);
      const test = await store.database.prisma.evaluation.findFirstOrThrow({
        where: { runId: run.id, subset: 'TEST' },
      });
      expect(done.metrics).toMatchObject(JSON.parse(JSON.stringify(test.metrics)));
      expect(done.intervals).toMatchObject(JSON.parse(JSON.stringify(test.intervals)));
      expect(done.metrics?.calibrationIntercept).not.toBeNull();
      await expect(
        store.database.pool.query('update external_evaluation set threshold = 0.1 where id = $1', [done.id]),
      ).rejects.toThrow('An external evaluation that succeeded never changes.');
    },
    TIMEOUT_MS,
  );

  it(
    'is finished by another worker when its own is killed, without a task too',
    async () => {
      const { store } = fixture;
      const patientKeys = Array.from({ length: 60 }, (_, at) => `far-${100 + at}`);
      const far = await insertDataset(store, {
        ...SHAPE,
        patients: 60,
        patientKeys,
        patchesPerPatient: 40,
        seed: 77,
      });
      const { id } = await requestExternalEvaluation(store, {
        runId: run.id,
        datasetId: far.datasetId,
        taskId: null,
      });
      forked = forkWorker(fixture);
      await waitFor(id, ({ status }) => status === 'RUNNING');
      forked.kill('SIGKILL');
      await once(forked, 'exit');
      worker = await startWorker(store, { leaseStaleMs: 2000 });
      const done = await waitUntilDone(id);
      await worker.close();
      expect(done).toMatchObject({
        status: 'SUCCEEDED',
        attempt: 2,
        lostAttempts: 1,
        metrics: null,
        intervals: null,
      });
      expect((await readProbabilities(done.artifactHash!)).length).toBe(60 * 40);
    },
    TIMEOUT_MS,
  );

  it(
    'is ended within seconds when it is canceled, by its worker, or by another where that was killed',
    async () => {
      const { store } = fixture;
      const { prisma } = store.database;
      const patientKeys = Array.from({ length: 100 }, (_, at) => `off-${100 + at}`);
      const shape = { ...SHAPE, patients: 100, patientKeys, patchesPerPatient: 200 };
      const { datasetId } = await insertDataset(store, { ...shape, seed: 78 });
      const request = { runId: run.id, datasetId, taskId: null };
      const { id } = await requestExternalEvaluation(store, request);
      forked = forkWorker(fixture);
      await waitFor(id, ({ status }) => status === 'RUNNING');
      await cancelExternalEvaluation(store, id);
      const askedMs = performance.now();
      const canceled = await waitFor(id, ({ status }) => status !== 'RUNNING');
      expect(canceled).toMatchObject({ status: 'CANCELED', attempt: 1, artifactHash: null, error: null });
      expect(performance.now() - askedMs).toBeLessThan(10_000);

      await requestExternalEvaluation(store, request);
      await waitFor(id, ({ status }) => status === 'RUNNING');
      forked.kill('SIGKILL');
      await once(forked, 'exit');
      await cancelExternalEvaluation(store, id);
      expect((await prisma.externalEvaluation.findUniqueOrThrow({ where: { id } })).status).toBe('RUNNING');
      worker = await startWorker(store, { leaseStaleMs: 2000 });
      const ended = await waitFor(id, ({ status }) => status !== 'RUNNING');
      await worker.close();
      expect(ended).toMatchObject({ status: 'CANCELED', attempt: 2, artifactHash: null });
    },
    TIMEOUT_MS,
  );

  async function ask({ datasetId }: InsertedDataset) {
    const { id: taskId } = await getFirstTask(fixture.store, datasetId);
    return requestExternalEvaluation(fixture.store, { runId: run.id, datasetId, taskId });
  }

  async function copyTest(): Promise<InsertedDataset> {
    const { store } = fixture;
    const side = await listPatientsOfSide(store, { splitIds: [run.splitId], subset: 'TEST' });
    const patientKeys = [...side.get(run.splitId)!].toSorted();
    const all = await store.database.prisma.datasetPatient.findMany({
      where: { datasetId: run.datasetId },
      select: { patient: { select: { key: true } } },
    });
    const keys = all.map(({ patient }) => patient.key).toSorted();
    // The fixture paints by seed, so painted again it is the home dataset; of it the TEST patients are taken.
    const home = await insertDataset(store, {
      ...SHAPE,
      patients: keys.length,
      seed: 5,
      stripsPerPatient: 2,
      name: 'again',
    });
    const pixels = patientKeys.flatMap((key) =>
      home.patches.filter(({ kind, patient }) => kind === 'PATCH' && home.patientKeys[patient] === key),
    );
    return insertDataset(store, {
      ...SHAPE,
      patients: patientKeys.length,
      patientKeys,
      seed: 6,
      repaint: (patches) => {
        for (const [at, patch] of patches.entries()) Object.assign(patch, takeLook(pixels[at]!));
      },
    });
  }

  function takeLook({ pixels, label, classPosition }: InsertedDataset['patches'][number]) {
    return { pixels, label, classPosition };
  }

  async function readProbabilities(hash: string): Promise<Float64Array> {
    return decodePredictions(await fixture.store.artifacts.read(hash)).probabilities;
  }

  function waitUntilDone(id: string): Promise<ExternalEvaluation> {
    return waitFor(id, ({ status }) => status === 'SUCCEEDED' || status === 'FAILED');
  }

  async function waitFor(
    id: string,
    isReached: (row: ExternalEvaluation) => boolean,
  ): Promise<ExternalEvaluation> {
    const { promise, resolve, reject } = Promise.withResolvers<ExternalEvaluation>();
    const look = () =>
      fixture.store.database.prisma.externalEvaluation
        .findUniqueOrThrow({ where: { id } })
        .then((row) => (isReached(row) ? resolve(row) : undefined), reject);
    const unsubscribe = fixture.listener.subscribe('run_changed', look);
    await look();
    return promise.finally(unsubscribe);
  }
});
