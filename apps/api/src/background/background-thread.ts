/** The thread that computes statistics, so that seconds of bootstrap never hold up an event or a health check. */
import { parentPort } from 'node:worker_threads';
import { AppError, invariant } from '@microtome/domain/app-error';
import { type OnProgress, STATISTICS_TASKS, type StatisticsTaskName } from './background-task.ts';

export type StatisticsRequest = { id: number; task: StatisticsTaskName; input: unknown };
export type StatisticsAnswer =
  | { id: number; progress: number }
  | { id: number; result: unknown }
  | { id: number; error: { code: string | null; message: string; stack: string | undefined } };

invariant(parentPort, 'the statistics thread is started by createStatistics');
const port = parentPort;

port.on('message', async (request: StatisticsRequest) => port.postMessage(await answerRequest(request)));

async function answerRequest({ id, task, input }: StatisticsRequest): Promise<StatisticsAnswer> {
  try {
    const compute = STATISTICS_TASKS[task] as (input: unknown, onProgress: OnProgress) => unknown;
    const onProgress = (progress: number) => port.postMessage({ id, progress } satisfies StatisticsAnswer);
    return { id, result: await compute(input, onProgress) };
  } catch (error) {
    // A class does not survive the way between threads, so the error travels as its parts.
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { id, error: { code: error instanceof AppError ? error.code : null, message, stack } };
  }
}
