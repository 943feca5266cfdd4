/** The thread of parent-watch.ts: an orphan has another parent than the one that it was started by. */
import { workerData } from 'node:worker_threads';

const LOOK_INTERVAL_MS = 500;

setInterval(() => {
  if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL');
}, LOOK_INTERVAL_MS);
