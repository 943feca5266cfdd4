/** Why runs wait, as every page and command reads it: from live workers and the order of the queue. */
import type { BackendName } from '@microtome/domain/run/backends';
import type { Precision } from '@microtome/domain/run/precision';
import { claimRun, launchRun, requestCancel, retryRun } from '@microtome/store/run/run-lifecycle';
import { setProgress } from '@microtome/store/run/run-recording';
import { heartbeatWorker, registerWorker, retireWorker } from '@microtome/store/run/workers';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createProgressReport } from '../../fixtures/attempt.ts';
import { countStatements } from '../../fixtures/count-statements.ts';
import { type Bench, createBench } from '../../fixtures/run.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

type Wait = { code: string; sentence: string; needsAttention: boolean; ahead: number } | null;

let api: TestApi;
let bench: Bench;

beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store);
});
afterEach(async () => {
  await api.store.database.prisma.worker.deleteMany();
  const open = await api.store.database.prisma.run.findMany({ where: { status: 'QUEUED' } });
  for (const { id } of open) await requestCancel(api.store, id);
});
afterAll(() => api.close());

const WAIT = 'wait { code sentence needsAttention ahead }';

it('changes as workers come, get busy, fall silent and go', async () => {
  const runId = await launch('onnx');
  expect(await ask(runId)).toMatchObject({ code: 'NO_WORKER', needsAttention: true });
  await register('gpu-only', ['webgpu']);
  expect(await ask(runId)).toMatchObject({ code: 'NO_BACKEND', needsAttention: true });
  expect((await ask(runId))?.sentence).toContain('gpu-only has webgpu');
  await register('bay3', ['onnx']);
  expect(await ask(runId)).toMatchObject({ code: 'STARTING', needsAttention: false });
  const other = await launch('auto');
  await heartbeatWorker(api.store, { id: 'bay3', runId: other });
  expect(await ask(runId)).toMatchObject({ code: 'ALL_BUSY', ahead: 0 });
  // Its row says BUSY, but it was not heard of: it is not counted, whatever its row says.
  await api.store.database.pool.query(
    `update worker set heartbeat_at = now() - interval '40 s' where id = 'bay3'`,
  );
  expect(await ask(runId)).toMatchObject({ code: 'NO_BACKEND' });
  await retireWorker(api.store, 'gpu-only');
  expect(await ask(runId)).toMatchObject({ code: 'NO_WORKER' });
});

it('of a run in bfloat16 ends with a worker that trains in it, on any backend that was asked for', async () => {
  const runId = await launch('auto', 0, { precision: 'bf16' });
  await register('bay3', ['tensorflow', 'onnx']);
  expect(await ask(runId)).toMatchObject({
    code: 'NO_BACKEND',
    sentence: expect.stringContaining('It trains in bfloat16, which no running worker can: bay3 has'),
    needsAttention: true,
  });
  const before = () =>
    api.ask<{ launchWait: Wait }>('{ launchWait(backend: "auto", precision: "bf16") { code ahead } }');
  const stuck = () => api.ask<{ stuckRuns: object[] }>('{ stuckRuns { backend runCount } }');
  expect((await before()).launchWait).toMatchObject({ code: 'NO_BACKEND' });
  expect((await stuck()).stuckRuns).toEqual([{ backend: 'bf16', runCount: 1 }]);
  await register('bay4', ['tensorflow'], ['float32', 'bf16']);
  expect(await ask(runId)).toMatchObject({ code: 'STARTING', ahead: 0 });
  expect((await before()).launchWait).toEqual({ code: 'STARTING', ahead: 1 });
  expect((await stuck()).stuckRuns).toEqual([]);
  const { workers } = await api.ask<{ workers: object[] }>('{ workers { id precisions } }');
  expect(workers).toContainEqual({ id: 'bay4', precisions: ['float32', 'bf16'] });
  expect(workers).toContainEqual({ id: 'bay3', precisions: ['float32'] });
  for (const args of ['backend: "onnx", precision: "bf16"', 'backend: "auto", precision: "fp8"']) {
    expect(await api.fail(`{ launchWait(${args}) { code } }`)).toMatchObject({ code: 'BAD_INPUT' });
  }
});

it('tells the place in the queue by priority, also of a retried run', async () => {
  await register('bay3', ['onnx']);
  const [first, second, urgent] = [await launch('auto'), await launch('auto'), await launch('auto', 5)];
  const ahead = async () =>
    [await ask(first), await ask(second), await ask(urgent)].map((wait) => wait?.ahead);
  expect(await ahead()).toEqual([1, 2, 0]);
  await requestCancel(api.store, first);
  expect(await ask(first)).toBeNull();
  await retryRun(api.store, first);
  expect(await ahead()).toEqual([2, 1, 0]);
  await launch('onnx');
  expect(await ahead()).toEqual([3, 2, 1]);
});

it('of a run at work is what its worker waits for, and null when it waits for nothing', async () => {
  const runId = await launch('auto');
  const { attempt } = (await claimRun(api.store, { runId, workerId: 'w' }))!;
  await setProgress(api.store, createProgressReport({ runId, attempt }));
  expect(await ask(runId)).toBeNull();
  const waitingFor = 'The disk of /data is full.';
  await setProgress(api.store, { ...createProgressReport({ runId, attempt }), waitingFor });
  expect(await ask(runId)).toMatchObject({ code: 'MACHINE', sentence: waitingFor, needsAttention: true });
});

it('costs a list the same statements however many runs wait', async () => {
  await register('bay3', ['onnx']);
  const list = () =>
    api.ask(`{ runs(first: 50, filter: { status: [QUEUED] }) { edges { node { id ${WAIT} } } } }`);
  await launch('auto');
  const one = await countStatements(api.store, list);
  for (let count = 0; count < 8; count += 1) await launch(count % 2 ? 'webgpu' : 'auto');
  expect(await countStatements(api.store, list)).toBe(one);
});

it('is told before a launch, for every backend, and refused for one that is unknown', async () => {
  const before = (backend: string) =>
    api.ask<{ launchWait: Wait }>(`{ launchWait(backend: "${backend}") { code sentence ahead } }`);
  expect((await before('auto')).launchWait?.code).toBe('NO_WORKER');
  await register('bay3', ['onnx']);
  expect((await before('webgpu')).launchWait?.code).toBe('NO_BACKEND');
  await launch('auto');
  expect((await before('auto')).launchWait).toMatchObject({ code: 'STARTING', ahead: 1 });
  expect(await api.fail('{ launchWait(backend: "tpu") { code } }')).toMatchObject({ code: 'BAD_INPUT' });
});

it('lists everything that needs attention by what is missing, and nothing else', async () => {
  const stuck = async () =>
    (
      await api.ask<{ stuckRuns: object[] }>(
        '{ stuckRuns { backend runCount firstRun { id } wait { code sentence } } }',
      )
    ).stuckRuns;
  await register('bay3', ['onnx']);
  await launch('auto');
  const [first] = [await launch('webgpu'), await launch('webgpu')];
  expect(await stuck()).toEqual([
    {
      backend: 'webgpu',
      runCount: 2,
      firstRun: { id: first },
      wait: { code: 'NO_BACKEND', sentence: expect.stringContaining('bay3 has onnx') },
    },
  ]);
  await retireWorker(api.store, 'bay3');
  expect(await stuck()).toHaveLength(2);
});

async function ask(id: string): Promise<Wait> {
  return (await api.ask<{ run: { wait: Wait } }>(`{ run(id: "${id}") { ${WAIT} } }`)).run.wait;
}

async function launch(backend: string, priority = 0, changed = {}): Promise<string> {
  const place = { experimentId: bench.experimentId, splitId: bench.split.id };
  const hyperparameters = { width: 0.25, ...changed };
  return (await launchRun(api.store, { ...place, hyperparameters, backend, priority })).id;
}

async function register(
  id: string,
  backends: BackendName[],
  precisions: Precision[] = ['float32'],
): Promise<void> {
  const machine = { hostname: id, pid: 1, device: 'x', versions: {} };
  await registerWorker(api.store, { id, ...machine, backends, precisions });
}
