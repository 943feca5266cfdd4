/** Two workers that name the same backends: which of them takes a run in bfloat16, and what it waits for until then. */
import { explainWaits } from '@microtome/store/run/run-waits';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createWorkerFixture, startWorker, type TestWorker, type WorkerFixture } from '../worker-fixture.ts';

let fixture: WorkerFixture;
const workers: TestWorker[] = [];

beforeAll(async () => {
  fixture = await createWorkerFixture();
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.close();
});
afterAll(() => fixture.close());

it('waits, and says for what, while the only worker trains in float32, and is taken by the one that has bfloat16', async () => {
  const { prisma } = fixture.store.database;
  workers.push(await startWorker(fixture.store, { backends: ['onnx', 'tensorflow'] }));
  const narrow = await fixture.launch({ precision: 'bf16', epochs: 1 }, 'auto');
  // The worker has looked into each of its queues since then.
  const wide = await fixture.launch({ epochs: 1 });
  expect(await fixture.waitUntilSettled(wide.id)).toMatchObject({ status: 'SUCCEEDED' });
  const waiting = await prisma.run.findUniqueOrThrow({ where: { id: narrow.id } });
  expect(waiting).toMatchObject({ status: 'QUEUED', attempt: 0 });
  expect((await explainWaits(fixture.store, [waiting])).get(narrow.id)?.sentence).toContain(
    'It trains in bfloat16, which no running worker can',
  );
  workers.push(
    await startWorker(fixture.store, {
      backends: ['onnx', 'tensorflow'],
      precisions: ['float32', 'bf16'],
    }),
  );
  // Whether it ends well is the machine's affair: native TensorFlow may not be there.
  await fixture.waitUntilSettled(narrow.id);
  const takers = await prisma.runAttempt.findMany({
    where: { runId: narrow.id },
    select: { workerId: true },
  });
  const able = await prisma.worker.findMany({ where: { precisions: { has: 'bf16' } }, select: { id: true } });
  expect(able).toHaveLength(1);
  expect(takers.length).toBeGreaterThan(0);
  for (const { workerId } of takers) expect(workerId).toBe(able[0]?.id);
});
