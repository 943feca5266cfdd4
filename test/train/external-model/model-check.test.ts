/** A real worker checks models of external programs: in every form in which they are written, and hostile ones. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createListener, type Listener } from '@microtome/store/database/listen';
import type { ModelCheck } from '@microtome/store/generated/prisma/client';
import { requestModelCheck } from '@microtome/store/model-check/model-checks';
import onnxProto, { type onnx } from 'onnx-proto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, createBench } from '../../api/run-fixtures.ts';
import { int, recordExternalRun, writeModel } from '../../fixtures/external-run/external-model.ts';
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
  ] as const)(
    'passes: %s',
    async (_form, form, input) => {
      const check = await checkModel(writeModel(form), input);
      expect(check).toMatchObject({ status: 'PASSED', error: null, patchesTotal: 48, tolerance: 1e-3 });
      expect(check.maxDifference).toBeLessThan(1e-5);
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
      /takes 2 values \(image, mask\): one is asked for/,
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

/** Weights that lie in a file of the machine. */
function nameFile({ initializer }: onnx.IGraphProto): void {
  const [weights] = initializer!;
  weights!.rawData = undefined;
  weights!.dataLocation = onnxProto.onnx.TensorProto.DataLocation.EXTERNAL;
  weights!.externalData = [{ key: 'location', value: '../../../../etc/passwd' }];
}

function addOwnOperation({ node }: onnx.IGraphProto): void {
  node!.push({ opType: 'Stain', domain: 'my.lab', input: ['means'], output: ['stained'] });
}

function addInput({ input }: onnx.IGraphProto): void {
  input!.push({ name: 'mask', type: { tensorType: { elemType: 1, shape: { dim: [{ dimValue: 1 }] } } } });
}

/** Adds nothing to the logit, 2^53 times. */
function loopForever({ node, initializer }: onnx.IGraphProto): void {
  const bool = 9;
  const int64 = 7;
  initializer!.push(
    { name: 'turns', dims: [], dataType: int64, rawData: new Uint8Array(BigInt64Array.of(2n ** 53n).buffer) },
    { name: 'goOn', dims: [], dataType: bool, rawData: Uint8Array.of(1) },
  );
  const scalar = (name: string, elemType: number) => ({
    name,
    type: { tensorType: { elemType, shape: { dim: [] } } },
  });
  const open = (name: string) => ({ name, type: { tensorType: { elemType: 1 } } });
  const body: onnx.IGraphProto = {
    name: 'turn',
    node: [
      { opType: 'Identity', input: ['goes'], output: ['goesOn'] },
      { opType: 'Sin', input: ['before'], output: ['after'] },
    ],
    input: [scalar('turn', int64), scalar('goes', bool), open('before')],
    output: [scalar('goesOn', bool), open('after')],
  };
  const attribute = { name: 'body', g: body, type: onnxProto.onnx.AttributeProto.AttributeType.GRAPH };
  changeInput(node!, 'looped');
  node!.push({
    opType: 'Loop',
    input: ['turns', 'goOn', 'means'],
    output: ['looped'],
    attribute: [attribute],
  });
  sortNodes(node!);
}

/** Many times the images, kept at once. */
function takeMemory({ node, initializer }: onnx.IGraphProto): void {
  const shape = BigInt64Array.of(1n, 20_000n, 20_000n);
  initializer!.push({ name: 'large', dims: [3], dataType: 7, rawData: new Uint8Array(shape.buffer) });
  changeInput(node!, 'swollen');
  node!.push(
    // The shape is an input of the run, so nothing of it is made beforehand.
    { opType: 'ReduceSum', input: ['means'], output: ['sum'], attribute: [int('keepdims', 0)] },
    { opType: 'Expand', input: ['sum', 'large'], output: ['full'] },
    { opType: 'Sin', input: ['full'], output: ['waves'] },
    { opType: 'Exp', input: ['waves'], output: ['grown'] },
    { opType: 'ReduceMax', input: ['grown'], output: ['most'], attribute: [int('keepdims', 0)] },
    { opType: 'Add', input: ['means', 'most'], output: ['swollen'] },
  );
  sortNodes(node!);
}

function changeInput(node: onnx.INodeProto[], name: string): void {
  const product = node.find(({ opType }) => opType === 'MatMul')!;
  product.input = [name, 'weights'];
}

/** The order in which they are computed: an operation stands behind what it takes. */
function sortNodes(node: onnx.INodeProto[]): void {
  const last = ['MatMul', 'Sigmoid'];
  node.sort((a, b) => last.indexOf(a.opType!) - last.indexOf(b.opType!));
}
