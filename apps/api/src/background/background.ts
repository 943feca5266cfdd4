/**
 * The background pool of one thread: it starts with the first task, restarts after a crash, and stops with the process.
 * A task that is not done by then is refused as UNAVAILABLE.
 */
import { MessageChannel } from 'node:worker_threads';
import { AppError } from '@microtome/domain/app-error';
import { Piscina } from 'piscina';
import type { BACKGROUND_TASKS, BackgroundTaskName, OnProgress } from './background-task.ts';
import type { BackgroundOutcome, BackgroundRequest, Refusal } from './background-thread.ts';

const STOPPED = 'The work stopped before it was finished.';

type Tasks = typeof BACKGROUND_TASKS;

/** Each task of the thread as an async function. */
export type Background = {
  [Name in BackgroundTaskName]: (
    ...input: Parameters<Tasks[Name]>
  ) => Promise<Awaited<ReturnType<Tasks[Name]>>>;
} & { close(): Promise<void> };

export function createBackground(): Background {
  const pool = new Piscina<BackgroundRequest, BackgroundOutcome>({
    filename: new URL('./background-thread.ts', import.meta.url).href,
    name: 'performTask',
    // One thread: it caches what it measured last, and the other processors are for training.
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: Number.POSITIVE_INFINITY,
    recordTiming: false,
    // A thread that waits for its next task by blocking is not ended by `destroy` while a task of it waits for a file.
    atomics: 'disabled',
  });
  let isClosed = false;
  // A thread that cannot start, or dies while idle: the tasks that wait for one fail.
  pool.on('error', () => void pool.destroy());

  async function run(task: BackgroundTaskName, input: unknown, onProgress?: OnProgress): Promise<never> {
    if (isClosed) throw new AppError('UNAVAILABLE', STOPPED);
    const { port1, port2 } = new MessageChannel();
    port1.on('message', (share: number) => onProgress?.(share)).unref();
    try {
      const outcome = await pool.run({ task, input, progress: port2 }, { transferList: [port2] });
      if ('refusal' in outcome) throw restoreRefusal(outcome.refusal);
      return outcome.result as never;
    } catch (error) {
      throw isClosed ? new AppError('UNAVAILABLE', STOPPED, { cause: error }) : error;
    } finally {
      port1.close();
    }
  }

  return {
    evaluate: (input) => run('evaluate', input),
    compare: (input) => run('compare', input),
    picture: (input) => run('picture', input),
    calibrationLine: (input) => run('calibrationLine', input),
    operatingPoints: (input) => run('operatingPoints', input),
    evaluateOutOfFold: (input) => run('evaluateOutOfFold', input),
    outOfFoldPicture: (input) => run('outOfFoldPicture', input),
    groupFigures: (input) => run('groupFigures', input),
    sites: (input) => run('sites', input),
    pooledSites: (input) => run('pooledSites', input),
    chooseContext: (input) => run('chooseContext', input),
    putInContext: (input) => run('putInContext', input),
    context: (input) => run('context', input),
    pooledContext: (input) => run('pooledContext', input),
    subgroups: (input) => run('subgroups', input),
    audit: (input, onProgress) => run('audit', input, onProgress),
    auditList: (input) => run('auditList', input),
    evaluateTable: (input) => run('evaluateTable', input),
    placeList: (input) => run('placeList', input),
    certify: (input) => run('certify', input),
    writeParquet: (input) => run('writeParquet', input),
    renderReport: (input) => run('renderReport', input),
    async close() {
      isClosed = true;
      await pool.destroy();
    },
  };
}

function restoreRefusal({ code, message, details }: Refusal): AppError {
  return new AppError(code, message, { details });
}
