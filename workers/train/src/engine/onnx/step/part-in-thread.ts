/** Parts of a batch that another thread computes, seen from the thread that waits for it. */
import { Worker } from 'node:worker_threads';
import type { PartPlan, PartRunner } from './part-session.ts';

/** Rejects when the thread fails, and so does every later run. */
export async function openPartInThread(plan: PartPlan): Promise<PartRunner> {
  const thread = new Worker(new URL('./part-thread.ts', import.meta.url), { workerData: plan });
  let waiting: { resolve: () => void; reject: (error: Error) => void } | null = null;
  let failure: Error | null = null;
  const fail = (error: Error) => {
    failure ??= error;
    waiting?.reject(failure);
    waiting = null;
  };
  thread.on('message', () => {
    // Between steps the thread keeps no process alive.
    thread.unref();
    waiting?.resolve();
    waiting = null;
  });
  thread.on('error', fail);
  thread.on('exit', (code) =>
    fail(new Error(`The thread that computes a part of the batch ended with code ${code}.`)),
  );
  const awaitAnswer = () =>
    new Promise<void>((resolve, reject) => {
      if (failure) return reject(failure);
      thread.ref();
      waiting = { resolve, reject };
    });
  await awaitAnswer();
  return {
    run(parts) {
      const answer = awaitAnswer();
      thread.postMessage(parts);
      return answer;
    },
    async dispose() {
      await thread.terminate();
    },
  };
}
