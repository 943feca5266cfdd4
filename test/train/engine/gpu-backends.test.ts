/**
 * The backends that a GPU is reached through, in a whole worker: a run is trained, its trainer is killed, it goes on,
 * is evaluated, and its model predicts. Each is skipped where the machine does not have it.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BackendName } from '@microtome/domain/run/backends';
import type { Precision } from '@microtome/domain/run/precision';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { detectBackends, rankBackends, requireBackend } from '@microtome/train/detection/detect-backends';
import { readProcessorFeatures } from '@microtome/train/engine/tensorflow/processor-features';
import { readTrainerEnv } from '@microtome/train/env';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findGpu } from '../../fixtures/find-gpu.ts';
import { hasNativeTensorflow } from '../../fixtures/find-native-tensorflow.ts';
import { paintPatch } from '../../fixtures/synthetic-patches.ts';
import { readRecord } from '../../fixtures/training-record.ts';
import { createWorkerFixture, startWorker, type TestWorker, type WorkerFixture } from '../worker-fixture.ts';

const PREDICT_FILE = fileURLToPath(
  new URL('../../../workers/train/src/prediction/predict.ts', import.meta.url),
);
const SIZE_PX = 16;
/** Every process on a software driver compiles its shaders for many seconds. */
const TIMEOUT_MS = 600_000;
/** Every step costs a software driver a tenth of a second. */
const HYPERPARAMETERS = { epochs: 2, batchSize: 32, learningRate: 3e-3, deterministic: true };

const present: BackendName[] = [];
if (hasNativeTensorflow()) present.push('tensorflow');
if (await findGpu()) present.push('webgpu');

describe('the order of backends', () => {
  const found = (backend: BackendName, usesGpu: boolean) => {
    const precisions: Precision[] = ['float32'];
    return { backend, usesGpu, precisions, device: '', versions: {} };
  };
  const namesOf = (...list: ReturnType<typeof found>[]) => rankBackends(list).map(({ backend }) => backend);

  it('is a GPU first, through TensorFlow or else WebGPU, and onnx before anything else on a CPU', () => {
    const onnx = found('onnx', false);
    expect(namesOf(found('tensorflow', true), found('webgpu', true), onnx)).toEqual([
      'tensorflow',
      'webgpu',
      'onnx',
    ]);
    expect(namesOf(found('tensorflow', false), found('webgpu', true), onnx)).toEqual([
      'webgpu',
      'onnx',
      'tensorflow',
    ]);
    expect(namesOf(found('tensorflow', false), found('webgpu', false), onnx)[0]).toBe('onnx');
  });

  it(
    'is found by trying: those that work here are there with device and versions, the others have a reason',
    async () => {
      const absent: BackendName[] = [];
      const detected = await detectBackends({
        env: readTrainerEnv(),
        onAbsent: ({ backend, reason }) => {
          expect(reason).toMatch(/^.*backend.*$/);
          absent.push(backend);
        },
      });
      expect(detected.map(({ backend }) => backend).sort()).toEqual(['onnx', ...present].sort());
      expect([...detected.map(({ backend }) => backend), ...absent]).toHaveLength(3);
      const features = readProcessorFeatures();
      const bf16 = features.has('avx512_bf16') || features.has('amx_bf16');
      for (const { backend, device, versions, usesGpu, precisions } of detected) {
        const hasBf16 = backend === 'tensorflow' && !usesGpu && bf16;
        expect(precisions).toEqual(hasBf16 ? ['float32', 'bf16'] : ['float32']);
        expect(device).not.toBe('');
        expect(versions.tfjs).toMatch(/^4\./);
      }
    },
    TIMEOUT_MS,
  );

  it(
    'has nothing in the place of one that is asked for by name and has no driver',
    async () => {
      const env = { ...readTrainerEnv(), VK_ICD_FILENAMES: '/nowhere.json' };
      await expect(requireBackend('webgpu', env)).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringMatching(/^The backend 'webgpu' (finds no GPU|needs the optional package)/),
      });
    },
    TIMEOUT_MS,
  );
});

describe.skipIf(present.length === 0)('a worker on', () => {
  let fixture: WorkerFixture;
  let folder: string;
  const workers: TestWorker[] = [];

  beforeAll(async () => {
    fixture = await createWorkerFixture();
    folder = await mkdtemp(path.join(os.tmpdir(), 'microtome-gpu-'));
    for (let number = 0; number < 4; number++) {
      const size = { widthPx: SIZE_PX, heightPx: SIZE_PX };
      const pixels = paintPatch(size, { label: number % 2 === 0 ? 0 : 1, stain: [4, -3, 2], seed: number });
      const raw = { width: SIZE_PX, height: SIZE_PX, channels: 3 } as const;
      await sharp(pixels, { raw })
        .png()
        .toFile(path.join(folder, `${number}.png`));
    }
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.close();
  }, TIMEOUT_MS);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await fixture.close();
  });

  it.each(present)(
    '%s ends a run whose trainer was killed as one that was left alone, and its model predicts as on onnx',
    async (backend) => {
      const worker = await startWorker(fixture.store, { backends: [backend], trainerEnv: readTrainerEnv() });
      workers.push(worker);
      const killed = await fixture.launch(HYPERPARAMETERS, backend);
      let isFirst = true;
      worker.onTrainer(async (pid) => {
        if (!isFirst) return;
        isFirst = false;
        await waitForEpoch(killed.id);
        process.kill(pid, 'SIGKILL');
      });
      const run = await fixture.waitUntilSettled(killed.id);
      expect(run).toMatchObject({ status: 'SUCCEEDED', attempt: 2, backend });
      expect(run.device).not.toBeNull();
      const record = await readRecord(fixture.store, killed.id);
      expect(record.epochs).toEqual([1, 2]);
      // For webgpu the engine's own tests say so, without a process that compiles everything once more.
      if (backend === 'tensorflow') {
        const whole = await fixture.launch(HYPERPARAMETERS, backend);
        await fixture.waitUntilSettled(whole.id);
        expect(await readRecord(fixture.store, whole.id)).toEqual(record);
      }

      const model = await createModel(fixture.store, { name: `idc-${backend}` });
      await registerModelVersion(fixture.store, { modelId: model.id, runId: killed.id });
      const there = await predict(`idc-${backend}@1`, backend);
      const here = await predict(`idc-${backend}@1`, 'onnx');
      expect(there).toHaveLength(4);
      there.forEach((probability, index) => {
        expect(probability).toBeCloseTo(here[index] as number, 5);
      });
    },
    TIMEOUT_MS,
  );

  async function waitForEpoch(runId: string): Promise<void> {
    for await (const event of fixture.follow(runId)) {
      if (event.kind === 'EPOCH') return;
    }
  }

  async function predict(model: string, backend: string): Promise<number[]> {
    const env = {
      ...readTrainerEnv(),
      DATABASE_URL: fixture.databaseUrl,
      ARTIFACT_URL: fixture.artifactUrl,
      TRAIN_BACKEND: backend,
    };
    const args = [PREDICT_FILE, '--model', model, folder];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    const [, ...lines] = stdout.trimEnd().split('\n');
    return lines.map((line) => Number(line.split(',').at(-1)));
  }
});
