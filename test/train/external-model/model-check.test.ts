/** A real worker checks models of external programs: in every form in which they are written, and hostile ones. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createListener, type Listener } from '@microtome/store/database/listen';
import type { ModelCheck } from '@microtome/store/generated/prisma/client';
import { requestModelCheck } from '@microtome/store/model-check/model-checks';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, createBench } from '../../api/run-fixtures.ts';
import { recordExternalRun, writeModel } from '../../fixtures/external-run/external-model.ts';
import {
  addInput,
  addOwnOperation,
  giveClass,
  giveHalves,
  giveMeans,
  loopForever,
  nameFile,
  takeMemory,
} from '../../fixtures/external-run/graph-changes.ts';
import { createTestStore, type TestStore } from '../../test-store.ts';
import { forkWorker, startWorker, type TestWorker } from '../worker-fixture.ts';

const TIMEOUT_MS = 120_000;
const MEBIBYTE = 1024 ** 2;

let test: TestStore;
let bench: Bench;
let listener: Listener;
let worker: TestWorker | null = null;

beforeAll(async () => {
  test = await createTestStore();
  bench = await createBench(test.store);
  listener = createListener(test.databaseUrl);
});
afterEach(async () => {
  await worker?.close();
  worker = null;
});
afterAll(async () => {
  await listener.close();
  await test.close();
});

describe('a model that gives what was uploaded', () => {
  it.each([
    ['floats as bytes are', {}, {}],
    ['bytes', { type: 'uint8' }, {}],
    ['bytes by colour', { type: 'uint8', layout: 'NCHW' }, { layout: 'NCHW' }],
    ['scaled, by colour', { layout: 'NCHW', pixels: 'scaled' }, { layout: 'NCHW', scale: 1 / 255 }],
    ['a logit, divided', { output: 'logit', weights: [-48, -12, 60] }, { output: 'logit', temperature: 2 }],
    ['two logits', { output: 'two logits' }, { output: 'logit', positive: 1 }],
    ['seven patches at once', { patches: 7 }, {}],
    ['halves', { type: 'float16', output: 'logit', change: giveHalves }, { output: 'logit' }],
    ['a class next to its probability', { change: giveClass }, {}],
    ['the output that is told', { change: giveMeans }, { outputName: 'answer' }],
  ] as const)(
    'passes: %s',
    async (_form, form, input) => {
      const check = await checkModel(writeModel(form), input);
      expect(check).toMatchObject({ status: 'PASSED', error: null, patchesTotal: 48, tolerance: 1e-3 });
      // Of eleven bits of a half.
      expect(check.maxDifference).toBeLessThan(check.signature?.output.type === 'float16' ? 1e-3 : 1e-5);
      expect(check.signature?.input.name).toBe('image');
      expect(check.workerId).toMatch(/^test-/);
    },
    TIMEOUT_MS,
  );
});

describe('a model that does not', () => {
  it.each<[string, Buffer, object, RegExp]>([
    [
      'other weights',
      writeModel({ weights: [-24, -6, 29] }),
      {},
      /differ by up to 0\.\d+ \(patch \d+\), and 0\.001/,
    ],
    ['another feeding', writeModel(), { scale: 1 / 255 }, /not those that were uploaded/],
    [
      'a logit called a probability',
      writeModel({ output: 'logit' }),
      {},
      /is no probability: it must lie in/,
    ],
    [
      'other patches',
      writeModel({ sizePx: 24 }),
      {},
      /takes 'image' of \[N, 24, 24, 3\]; .* \[N, 16, 16, 3\] \(NHWC\)/,
    ],
    [
      'two numbers, not told',
      writeModel({ output: 'two logits' }),
      {},
      /gives 2 numbers a patch: tell which one/,
    ],
    [
      'scaled bytes',
      writeModel({ type: 'uint8' }),
      { scale: 0.5 },
      /takes bytes \('image'\), which enter as they are/,
    ],
    ['no ONNX', Buffer.from('no model at all'), {}, /These 15 bytes are no whole ONNX model/],
    ['half of it', writeModel().subarray(0, 150), {}, /These 150 bytes are no whole ONNX model/],
    ['weights elsewhere', writeModel({ change: nameFile }), {}, /keeps weights in another file/],
    [
      'an operation of its own',
      writeModel({ change: addOwnOperation }),
      {},
      /ONNX Runtime cannot load the model: .*Stain/,
    ],
    [
      'a model without patches',
      writeModel({ change: addInput }),
      {},
      /takes 2 values \(image: float32 \[N, 16, 16, 3\], mask: float32 \[1\]\): one is asked for/,
    ],
    [
      'several outputs, not told',
      writeModel({ change: giveMeans }),
      {},
      /gives 2 values \(answer: float32 \[N, 1\], means: float32 \[N, 3\]\): tell which one is the probability \(`outputName`\)/,
    ],
    [
      'an output that it does not give',
      writeModel({ change: giveMeans }),
      { outputName: 'logits' },
      /gives 2 values .*, and none called 'logits'/,
    ],
    [
      'whole numbers',
      writeModel({ change: giveClass }),
      { outputName: 'class' },
      /gives int64 \('class'\): float32, float16 or float64 is asked for/,
    ],
    [
      'colours first, told last',
      writeModel({ layout: 'NCHW' }),
      {},
      /takes 'image' of \[N, 3, 16, 16\]; .* \(NHWC\)\. Told as NCHW \(`layout`\) it fits\./,
    ],
  ])(
    'fails: %s',
    async (_form, file, input, sentence) => {
      const check = await checkModel(file, input);
      expect(check.error).toMatch(sentence);
      expect(check).toMatchObject({ status: 'FAILED', attempt: 1 });
    },
    TIMEOUT_MS,
  );

  it(
    'is stopped when it never ends, and when it takes too much memory, and the worker goes on',
    async () => {
      const hasty = { memoryBytes: 4096 * MEBIBYTE, silenceMs: 6_000 };
      const endless = await checkModel(writeModel({ change: loopForever }), {}, hasty);
      expect(endless).toMatchObject({
        status: 'FAILED',
        error: 'The model gave nothing within 6 seconds, and was stopped.',
      });
      await worker?.close();
      worker = null;
      const limits = { memoryBytes: 700 * MEBIBYTE, silenceMs: TIMEOUT_MS };
      const large = await checkModel(writeModel({ change: takeMemory }), {}, limits);
      expect(large).toMatchObject({ status: 'FAILED', attempt: 1 });
      expect(large.error).toContain('The model took more than 0.7 GiB of memory');
      expect(await checkModel(writeModel(), {}, limits)).toMatchObject({ status: 'PASSED' });
    },
    TIMEOUT_MS,
  );

  it(
    'is taken again by another worker when its own is killed',
    async () => {
      const file = writeModel({ change: loopForever });
      const run = await recordExternalRun(test.store, bench, { file, name: 'taken again' });
      const { id } = await requestModelCheck(test.store, { runId: run.id });
      const forked: ChildProcess = forkWorker(test);
      await waitFor(id, ({ status }) => status === 'RUNNING');
      forked.kill('SIGKILL');
      await once(forked, 'exit');
      worker = await startWorker(test.store, {
        leaseStaleMs: 2_000,
        modelLimits: { memoryBytes: 1024 * MEBIBYTE, silenceMs: 3_000 },
      });
      expect(await waitFor(id, isSettled)).toMatchObject({ status: 'FAILED', attempt: 2, lostAttempts: 1 });
    },
    TIMEOUT_MS,
  );
});

async function checkModel(
  file: Buffer,
  input: object,
  modelLimits?: { memoryBytes: number; silenceMs: number },
): Promise<ModelCheck> {
  const run = await recordExternalRun(test.store, bench, { file });
  const { id } = await requestModelCheck(test.store, { runId: run.id, input });
  worker ??= await startWorker(test.store, modelLimits ? { modelLimits } : {});
  return waitFor(id, isSettled);
}

function isSettled({ status }: ModelCheck): boolean {
  return status !== 'QUEUED' && status !== 'RUNNING';
}

async function waitFor(id: string, isReached: (row: ModelCheck) => boolean): Promise<ModelCheck> {
  const { promise, resolve, reject } = Promise.withResolvers<ModelCheck>();
  const look = () =>
    test.store.database.prisma.modelCheck
      .findUniqueOrThrow({ where: { id } })
      .then((row) => (isReached(row) ? resolve(row) : undefined), reject);
  const unsubscribe = listener.subscribe('run_changed', look);
  await look();
  return promise.finally(unsubscribe);
}
