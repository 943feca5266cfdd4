/** The door to the background thread: starts it with the first task, again after a crash, and stops it at the end. */
import { Worker } from 'node:worker_threads';
import { AppError, ERROR_CODES, type ErrorCode } from '@microtome/domain/app-error';
import type { BACKGROUND_TASKS, BackgroundTaskName, OnProgress } from './background-task.ts';
import type { BackgroundAnswer, BackgroundRequest } from './background-thread.ts';

type Tasks = typeof BACKGROUND_TASKS;
type Waiting = { resolve(result: unknown): void; reject(error: Error): void; onProgress?: OnProgress };

/** Each task of the thread as an async function. */
export type Background = {
  [Name in BackgroundTaskName]: (
    ...input: Parameters<Tasks[Name]>
  ) => Promise<Awaited<ReturnType<Tasks[Name]>>>;
} & { close(): Promise<void> };

export function createBackground(): Background {
  const waiting = new Map<number, Waiting>();
  let thread: Worker | null = null;
  let lastId = 0;

  function startThread(): Worker {
    const started = new Worker(new URL('./background-thread.ts', import.meta.url));
    const fail = (error: Error) => {
      if (thread === started) thread = null;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    };
    started.on('message', (answer: BackgroundAnswer) => {
      const task = waiting.get(answer.id);
      if ('progress' in answer) return task?.onProgress?.(answer.progress);
      waiting.delete(answer.id);
      if (waiting.size === 0) started.unref();
      if ('error' in answer) task?.reject(restoreError(answer.error));
      else task?.resolve(answer.result);
    });
    started.on('error', fail);
    started.on('exit', () => fail(new AppError('UNAVAILABLE', 'The work was stopped before it was done.')));
    return started;
  }

  function compute(task: BackgroundTaskName, input: unknown, onProgress?: OnProgress): Promise<never> {
    thread ??= startThread();
    thread.ref();
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve: resolve as (result: unknown) => void, reject, onProgress });
      thread?.postMessage({ id, task, input } satisfies BackgroundRequest);
    });
  }

  return {
    evaluate: (input) => compute('evaluate', input),
    compare: (input) => compute('compare', input),
    picture: (input) => compute('picture', input),
    operatingPoints: (input) => compute('operatingPoints', input),
    evaluateOutOfFold: (input) => compute('evaluateOutOfFold', input),
    outOfFoldPicture: (input) => compute('outOfFoldPicture', input),
    groupAucs: (input) => compute('groupAucs', input),
    subgroups: (input) => compute('subgroups', input),
    audit: (input, onProgress) => compute('audit', input, onProgress),
    writeParquet: (input) => compute('writeParquet', input),
    renderReport: (input) => compute('renderReport', input),
    async close() {
      await thread?.terminate();
    },
  };
}

function restoreError(parts: { code: string | null; message: string; stack: string | undefined }): Error {
  if (parts.code !== null && parts.code in ERROR_CODES)
    return new AppError(parts.code as ErrorCode, parts.message);
  const error = new Error(parts.message);
  if (parts.stack) error.stack = parts.stack;
  return error;
}
