/** The thread that works in the background, so that seconds of bootstrap never hold up an event or a health check. */
import { parentPort } from 'node:worker_threads';
import { AppError, invariant } from '@microtome/domain/app-error';
import { BACKGROUND_TASKS, type BackgroundTaskName, type OnProgress } from './background-task.ts';

export type BackgroundRequest = { id: number; task: BackgroundTaskName; input: unknown };
export type BackgroundAnswer =
  | { id: number; progress: number }
  | { id: number; result: unknown }
  | { id: number; error: { code: string | null; message: string; stack: string | undefined } };

invariant(parentPort, 'the background thread is started by createBackground');
const port = parentPort;

port.on('message', async (request: BackgroundRequest) => port.postMessage(await answerRequest(request)));

async function answerRequest({ id, task, input }: BackgroundRequest): Promise<BackgroundAnswer> {
  try {
    const compute = BACKGROUND_TASKS[task] as (input: unknown, onProgress: OnProgress) => unknown;
    const onProgress = (progress: number) => port.postMessage({ id, progress } satisfies BackgroundAnswer);
    return { id, result: await compute(input, onProgress) };
  } catch (error) {
    // A class does not survive the way between threads, so the error travels as its parts.
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { id, error: { code: error instanceof AppError ? error.code : null, message, stack } };
  }
}
