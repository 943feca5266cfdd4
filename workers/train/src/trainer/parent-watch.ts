/**
 * A thread that ends this process once its parent is gone. A stranger's model may keep the main thread for good, which then
 * hears of nothing.
 */
import { Worker } from 'node:worker_threads';

/** Does not keep the process alive by itself. */
export function endWithParent(): void {
  new Worker(new URL('./parent-watch-thread.ts', import.meta.url), { workerData: process.ppid }).unref();
}
