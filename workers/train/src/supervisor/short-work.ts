/**
 * One attempt of this worker at work that takes minutes (an exam, a check, a slide): a child process computes, the lease is held
 * meanwhile, what is noted on the way is kept, and the result is committed. A child that dies, or a worker that stops,
 * gives it back to the queue.
 */
import type { BackendName } from '@microtome/domain/run/backends';
import { isDatabaseFault, outlastDatabaseFaults } from '@microtome/store/database/database-faults';
import type { WorkKey, WorkLease } from '@microtome/store/lease/work-lease';
import type { Store } from '@microtome/store/store';
import type { Logger } from 'pino';
import type { ShortMessage, WorkMessage } from '../protocol/trainer-messages.ts';
import { type ChildLimits, type ChildWatch, watchChild } from './child-limits.ts';
import { keepLease } from './lease.ts';
import { toMessage } from './run-attempt.ts';
import { describeDeath, isWorthRetrying, startTrainer } from './trainer-child.ts';

const ERROR_OUTPUT_LENGTH = 2000;

export type ShortWorker = {
  store: Store;
  workerId: string;
  backend: BackendName;
  threads: number | null;
  leaseStaleMs?: number | undefined;
  /** Of a child that runs an external program's model. */
  modelLimits: ChildLimits;
  trainerEnv: NodeJS.ProcessEnv;
  log: Logger;
};

type PreparedWork = { message: WorkMessage; limits: ChildLimits | null };

type ShortWork<Result, Note> = {
  /** As the log calls it. */
  name: string;
  key: WorkKey;
  lease: WorkLease;
  /** By attempts before this one. */
  patchesDone?: number;
  prepare(): Promise<PreparedWork>;
  /** Keeps a part of the result; false when another worker has the work. One after the other, all of them before `commit`. */
  record?(note: Note): Promise<boolean>;
  commit(result: Result): Promise<unknown>;
};

type Verdict<Result> =
  | { kind: 'done'; result: Result }
  | { kind: 'failed'; message: string }
  | { kind: 'broken'; message: string }
  | { kind: 'stopped' }
  | { kind: 'canceled' }
  | { kind: 'fenced' };

/** Resolves when the child is gone and the work has moved on. */
export async function attemptShortWork<Result, Note = never>(
  worker: ShortWorker,
  work: ShortWork<Result, Note>,
  signal: AbortSignal,
): Promise<void> {
  const { name, key } = work;
  const log = worker.log.child({ workId: key.id, attempt: key.attempt });
  log.info(`${name} begins`);
  const verdict = await attempt(worker, work, signal);
  if (verdict.kind === 'broken') log.warn({ reason: verdict.message }, `${name} broke down`);
  if (verdict.kind === 'fenced') log.warn(`${name} was taken over`);
  await outlastDatabaseFaults(() => settle(worker.store, work, verdict), signal);
  log.info({ verdict: verdict.kind }, `${name} ended`);
}

async function attempt<Result, Note>(
  { store, trainerEnv }: ShortWorker,
  work: ShortWork<Result, Note>,
  signal: AbortSignal,
): Promise<Verdict<Result>> {
  // Only the first verdict counts.
  const { promise: first, resolve: speak } = Promise.withResolvers<Verdict<Result>>();
  const { key, lease: workLease } = work;
  const records = keepRecords(work, { signal, speak });
  let { patchesDone = 0 } = work;
  const lease = keepLease({
    renew: () => workLease.heartbeat(store, { ...key, patchesDone }),
    onLoss: (loss) => speak({ kind: loss === 'canceled' ? 'canceled' : 'fenced' }),
  });
  const stop = () => speak({ kind: 'stopped' });
  signal.addEventListener('abort', stop, { once: true });
  let watch: ChildWatch | null = null;
  try {
    const { message: told, limits } = await work.prepare();
    let errorOutput = '';
    const child = startTrainer<ShortMessage<Result, Note>>({
      work: told,
      env: trainerEnv,
      onMessage: (message) => {
        watch?.hear();
        if (message.kind === 'advanced') patchesDone = message.patchesDone;
        else if (message.kind === 'noted') records.add(message.note);
        else records.after(() => speak(message.kind === 'failed' ? describeFailure(message) : message));
      },
      onErrorOutput: (text) => {
        errorOutput = (errorOutput + text).slice(-ERROR_OUTPUT_LENGTH);
      },
    });
    if (limits) {
      watch = watchChild(child.pid, {
        limits,
        onExceeded: (message) => speak({ kind: 'failed', message }),
      });
    }
    void child.ended.then((end) =>
      records.after(() => speak({ kind: 'broken', message: describeDeath(end, errorOutput) })),
    );
    if (signal.aborted) stop();
    const verdict = await first;
    await child.terminate();
    await records.settled();
    return verdict;
  } catch (error) {
    return { kind: isDatabaseFault(error) ? 'broken' : 'failed', message: toMessage(error) };
  } finally {
    watch?.stop();
    signal.removeEventListener('abort', stop);
    lease.stop();
  }
}

/** Notes are kept in their order, and what is told after them is heard after them. */
function keepRecords<Result, Note>(
  { record }: ShortWork<Result, Note>,
  { signal, speak }: { signal: AbortSignal; speak: (verdict: Verdict<Result>) => void },
) {
  let last = Promise.resolve();
  let isOver = false;
  const end = (verdict: Verdict<Result>) => {
    isOver = true;
    speak(verdict);
  };
  const keep = async (note: Note) => {
    if (isOver || !record) return;
    try {
      const isOurs = await outlastDatabaseFaults(() => record(note), signal);
      if (!isOurs) end({ kind: 'fenced' });
    } catch (error) {
      end({ kind: isDatabaseFault(error) ? 'broken' : 'failed', message: toMessage(error) });
    }
  };
  return {
    add(note: Note) {
      last = last.then(() => keep(note));
    },
    after(act: () => void) {
      last = last.then(act);
    },
    settled: () => last,
  };
}

async function settle<Result, Note>(
  store: Store,
  { key, lease, commit }: ShortWork<Result, Note>,
  verdict: Verdict<Result>,
): Promise<void> {
  switch (verdict.kind) {
    case 'done':
      await commit(verdict.result);
      return;
    case 'failed':
      await lease.fail(store, { ...key, error: verdict.message });
      return;
    case 'broken':
      await lease.release(store, { ...key, error: verdict.message });
      return;
    case 'canceled':
      await lease.finishCanceled(store, key);
      return;
    case 'stopped':
      await lease.release(store, { ...key, error: null });
      return;
    case 'fenced':
  }
}

function describeFailure(failure: { code: string; message: string }): {
  kind: 'broken' | 'failed';
  message: string;
} {
  return { kind: isWorthRetrying(failure) ? 'broken' : 'failed', message: failure.message };
}
