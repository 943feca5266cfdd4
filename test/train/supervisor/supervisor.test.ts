import { chooseContext } from '@microtome/domain/context/context-step';
import { readThresholdChoice } from '@microtome/domain/run/run-hyperparameters';
import { getDataset } from '@microtome/store/dataset/datasets';
import { isProcessAlive } from '@microtome/store/embedded/process-identity';
import { decodePredictions } from '@microtome/store/evaluation/predictions';
import { placePatches } from '@microtome/store/evaluation/run-context';
import { loadScored } from '@microtome/store/evaluation/scored-predictions';
import { claimRun, requestCancel } from '@microtome/store/run/run-lifecycle';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flipBit } from '../../fixtures/damage.ts';
import { readRecord } from '../../fixtures/training-record.ts';
import { createWorkerFixture, startWorker, type TestWorker, type WorkerFixture } from '../worker-fixture.ts';

describe('a worker', () => {
  let fixture: WorkerFixture;
  let worker: TestWorker;
  beforeAll(async () => {
    fixture = await createWorkerFixture();
    worker = await startWorker(fixture.store);
  });
  afterAll(async () => {
    await worker.close();
    await fixture.close();
  });

  it('trains a launched run to its end and keeps model, predictions and the evaluation on VALIDATION', async () => {
    const { id } = await fixture.launch();
    const run = await fixture.waitUntilSettled(id);
    expect(run).toMatchObject({
      status: 'SUCCEEDED',
      epochsDone: 3,
      attempt: 1,
      backend: 'onnx',
      error: null,
    });
    expect(run.trainPatchesPerSecond).toBeGreaterThan(0);
    expect(run.peakMemoryBytes).toBeGreaterThan(0n);
    expect(run.threshold).toBeGreaterThan(0);
    const { prisma } = fixture.store.database;
    const files = await prisma.runArtifact.findMany({ where: { runId: id } });
    expect(files.map(({ role }) => role)).toEqual(
      expect.arrayContaining([
        'MODEL_JSON',
        'MODEL_ONNX',
        'MODEL_WEIGHTS',
        'PREDICTIONS_TEST',
        'PREDICTIONS_VALIDATION',
      ]),
    );
    const evaluations = await prisma.evaluation.findMany({ where: { runId: id } });
    expect(evaluations.map(({ subset }) => subset)).toEqual(['VALIDATION']);
    const record = await readRecord(fixture.store, id);
    expect(record.epochs).toEqual([1, 2, 3]);
    expect(record.metrics.map(([, name]) => name)).toContain('validation.auc');
    // What it chose of its neighbours is what its stored predictions give, to the last bit.
    const { scored, patches } = await loadScored(fixture.store, { runId: id, subset: 'VALIDATION' });
    const { patchSizePx } = await getDataset(fixture.store, run.datasetId!);
    const validation = { scored, places: placePatches(patches, patchSizePx) };
    const choice = { ...readThresholdChoice(run), ownThreshold: run.threshold! };
    expect(record.context).toEqual(chooseContext(validation, choice));
    expect(record.context!.radius).not.toBeNull();
  });

  it('gives two runs of one seed the same bits', async () => {
    const runs = await Promise.all([fixture.launch(), fixture.launch()]);
    for (const { id } of runs) await fixture.waitUntilSettled(id);
    const [first, second] = await Promise.all(runs.map(({ id }) => readRecord(fixture.store, id)));
    expect(first).toEqual(second);
  });

  it('stores a model that gives the stored predictions by plain TensorFlow.js', async () => {
    const { id } = await fixture.launch({ architecture: 'deep' });
    await fixture.waitUntilSettled(id);
    const model = await tf.loadLayersModel(await readModel(id));
    for (const subset of ['VALIDATION', 'TEST']) {
      const { patchIndexes, probabilities } = decodePredictions(await readFile(id, `PREDICTIONS_${subset}`));
      const given = model.predict(await readImages(patchIndexes)) as tf.Tensor;
      expect(patchIndexes.length).toBeGreaterThan(20);
      given.dataSync().forEach((probability, row) => {
        expect(Math.abs(probability - probabilities[row]!)).toBeLessThan(1e-4);
      });
    }
  });

  it('leaves edge strips out, or completes them by reflection where the run asks for it', async () => {
    const counts = [];
    for (const edgeStrips of ['drop', 'reflect']) {
      const { id } = await fixture.launch({ epochs: 1, edgeStrips });
      expect(await fixture.waitUntilSettled(id)).toMatchObject({ status: 'SUCCEEDED' });
      counts.push(decodePredictions(await readFile(id, 'PREDICTIONS_TEST')).patchIndexes.length);
    }
    const { patients, patches } = await countTest();
    expect(counts).toEqual([patches, patches + 2 * patients]);
  });

  it('fails a run that diverges, with a sentence that says where', async () => {
    const { id } = await fixture.launch({ learningRate: 10, optimizer: 'sgd', epochs: 30 });
    const run = await fixture.waitUntilSettled(id);
    expect(run).toMatchObject({
      status: 'FAILED',
      attempt: 1,
      error: expect.stringMatching(/diverged: the loss is/),
    });
  });

  it('cancels a run in the middle of training within five seconds, and its trainer is gone', async () => {
    const trainer = new Promise<number>((resolve) => worker.onTrainer(resolve));
    const { id } = await fixture.launch({ epochs: 500 });
    for await (const { kind } of fixture.follow(id)) if (kind === 'EPOCH') break;
    const askedMs = performance.now();
    await requestCancel(fixture.store, id);
    const run = await fixture.waitUntilSettled(id);
    expect(run.status).toBe('CANCELED');
    expect(performance.now() - askedMs).toBeLessThan(5000);
    expect(isProcessAlive(await trainer)).toBe(false);
  });

  it('stops its trainer and writes nothing more when another worker has taken the run over', async () => {
    const trainer = new Promise<number>((resolve) => worker.onTrainer(resolve));
    const { id } = await fixture.launch({ epochs: 500 });
    for await (const { kind } of fixture.follow(id)) if (kind === 'EPOCH') break;
    const taken = await claimRun(fixture.store, { runId: id, workerId: 'another', staleAfterMs: -60_000 });
    expect(taken?.attempt).toBe(2);
    await untilGone(await trainer);
    const { prisma } = fixture.store.database;
    const events = await prisma.runEvent.findMany({
      where: { runId: id },
      orderBy: { seq: 'desc' },
      take: 1,
    });
    expect(events[0]).toMatchObject({ kind: 'STATUS', attempt: 2 });
  });

  it('fails a run at once, with a sentence, when its data cannot be had', async () => {
    const { prisma } = fixture.store.database;
    const { datasetId } = await prisma.split.findFirstOrThrow();
    const shard = await prisma.datasetShard.findFirstOrThrow({ where: { datasetId, kind: 'PATCH' } });
    const bytes = await fixture.store.artifacts.read(shard.artifactHash);
    await fixture.store.artifacts.delete(shard.artifactHash);
    const { id } = await fixture.launch();
    const run = await fixture.waitUntilSettled(id);
    await fixture.store.artifacts.put(bytes, 'application/octet-stream');
    expect(run).toMatchObject({
      status: 'FAILED',
      attempt: 1,
      error: expect.stringContaining(shard.artifactHash),
    });
  });

  it('fails a run at once when its pixels are damaged, and names the file', async () => {
    const { prisma } = fixture.store.database;
    const shard = await prisma.datasetShard.findFirstOrThrow({ where: { kind: 'PATCH' } });
    const bytes = await fixture.store.artifacts.read(shard.artifactHash);
    const path = await flipBit(fixture.store.artifacts, shard.artifactHash);
    const { id } = await fixture.launch();
    const run = await fixture.waitUntilSettled(id);
    await fixture.store.artifacts.put(bytes, 'application/octet-stream');
    expect(run).toMatchObject({
      status: 'FAILED',
      error: expect.stringContaining(`The file ${path} is damaged`),
    });
  });

  async function countTest(): Promise<{ patients: number; patches: number }> {
    const split = await fixture.store.database.prisma.split.findFirstOrThrow();
    return { patients: split.testPatients, patches: split.testPatches };
  }

  async function readFile(runId: string, role: string): Promise<Buffer> {
    const key = { runId_role: { runId, role } };
    const { artifactHash } = await fixture.store.database.prisma.runArtifact.findUniqueOrThrow({
      where: key,
    });
    return fixture.store.artifacts.read(artifactHash);
  }

  async function readModel(runId: string): Promise<tf.io.IOHandler> {
    const { modelTopology, weightsManifest } = JSON.parse((await readFile(runId, 'MODEL_JSON')).toString());
    const weightData = Uint8Array.from(await readFile(runId, 'MODEL_WEIGHTS')).buffer;
    return tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData });
  }

  /** Raw pixels straight from the one shard of the dataset. */
  async function readImages(indexes: Int32Array): Promise<tf.Tensor4D> {
    const shard = await fixture.store.database.prisma.datasetShard.findFirstOrThrow({
      where: { kind: 'PATCH' },
    });
    const pixels = await fixture.store.artifacts.read(shard.artifactHash);
    const images = Array.from(indexes, (index) => pixels.subarray(index * 768, (index + 1) * 768));
    return tf.tensor4d(Float32Array.from(Buffer.concat(images)), [indexes.length, 16, 16, 3]);
  }
});

async function untilGone(pid: number): Promise<void> {
  while (isProcessAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
}
