/** The entry of the background thread, which keeps seconds of bootstrap from delaying an event or a health check. */
import type { MessagePort } from 'node:worker_threads';
import { AppError } from '@microtome/domain/app-error';
import { BACKGROUND_TASKS, type BackgroundTaskName, type OnProgress } from './background-task.ts';

export type BackgroundRequest = {
  task: BackgroundTaskName;
  input: unknown;
  /** Receives the shares that are done. */
  progress: MessagePort;
};
/** An AppError in parts: a class does not survive the transfer between threads. */
export type Refusal = Pick<AppError, 'code' | 'message' | 'details'>;
export type BackgroundOutcome = { result: unknown } | { refusal: Refusal };

export async function performTask({ task, input, progress }: BackgroundRequest): Promise<BackgroundOutcome> {
  const compute = BACKGROUND_TASKS[task] as (input: unknown, onProgress: OnProgress) => unknown;
  try {
    return { result: await compute(input, (share) => progress.postMessage(share)) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, message, details } = error;
    return { refusal: { code, message, details } };
  } finally {
    progress.close();
  }
}
