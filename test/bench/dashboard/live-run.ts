/** A run that trains as far as the database can see, epoch by epoch, in the process of the benchmark. */
import { setTimeout as delay } from 'node:timers/promises';
import { claimRun, launchRun } from '@microtome/store/run/run-lifecycle';
import { recordEpoch } from '@microtome/store/run/run-recording';
import type { Store } from '@microtome/store/store';
import type { Bench } from '../../fixtures/run.ts';

export type LiveRun = {
  id: string;
  /** One after the other, at once. */
  addEpochs(count: number): Promise<void>;
  /** One each `intervalMs` while `work` goes on; gives the times of the commits, milliseconds since 1970. */
  trainWhile<T>(intervalMs: number, work: () => Promise<T>): Promise<{ result: T; commitsMs: number[] }>;
};

export async function startLiveRun(
  store: Store,
  { experimentId, split }: Bench,
  { epochs }: { epochs: number },
): Promise<LiveRun> {
  const { id: runId } = await launchRun(store, {
    experimentId,
    splitId: split.id,
    hyperparameters: { epochs },
    // The platform's own worker does not compute on it, and leaves the run alone.
    backend: 'tensorflow',
  });
  const claimed = await claimRun(store, { runId, workerId: 'bench' });
  if (!claimed) throw new Error(`run ${runId} could not be claimed`);
  const { attempt } = claimed;
  // However long the machine takes, its worker never falls silent.
  await store.database.pool.query(
    `update run_attempt set heartbeat_at = now() + interval '1 hour' where run_id = $1`,
    [runId],
  );
  let epoch = 0;
  async function addEpoch(): Promise<number> {
    epoch++;
    const checkpoint = await store.artifacts.put(Buffer.from(runId), 'application/octet-stream');
    const wave = 0.05 * Math.sin(epoch / 7);
    const metrics = {
      'train.loss': 1 / Math.sqrt(epoch) + wave,
      'validation.loss': 1.1 / Math.sqrt(epoch) - wave,
      'validation.auc': 1 - 0.5 / Math.sqrt(epoch),
      learningRate: 0.001,
      seconds: 1 + wave,
    };
    const isRecorded = await recordEpoch(store, {
      runId,
      attempt,
      epoch,
      step: epoch * 10,
      metrics,
      checkpoint,
      best: false,
    });
    if (!isRecorded) throw new Error(`The run was taken away at epoch ${epoch}: the machine is too slow.`);
    return Date.now();
  }
  async function addEpochs(count: number): Promise<void> {
    for (let added = 0; added < count; added++) await addEpoch();
  }
  async function trainWhile<T>(intervalMs: number, work: () => Promise<T>) {
    const commitsMs: number[] = [];
    let isOver = false;
    const training = (async () => {
      while (!isOver) {
        const startMs = performance.now();
        commitsMs.push(await addEpoch());
        await delay(Math.max(0, intervalMs - (performance.now() - startMs)));
      }
    })();
    try {
      const [result] = await Promise.all([
        work().finally(() => {
          isOver = true;
        }),
        training,
      ]);
      return { result, commitsMs };
    } finally {
      isOver = true;
    }
  }
  return { id: runId, addEpochs, trainWhile };
}
