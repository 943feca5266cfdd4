/**
 * Two workers on one run: the first is frozen until its lease has run out and a second one has the run, then both train
 * it at the same time until the first one hears that it lost it.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { findProcess, signalProcess } from '../platform/processes.ts';
import { type Fault, hold, untilTakenAgain, waitForProcess } from './fault.ts';

const WORKER_FILE = fileURLToPath(new URL('../../../workers/train/src/main.ts', import.meta.url));
const LOOK_INTERVAL_MS = 50;

export const twoWorkersFault: Fault = {
  subject: 'two workers',
  act: 'the first frozen beyond its lease, then both at once',
  recoveredBy: 'the second worker has the run',
  promisedSeconds: 25,
  lastsSeconds: 26,
  async inject(target) {
    const { bench, say, signal } = target;
    const first = await waitForProcess(target, 'supervisor');
    const firstTrainer = await waitForProcess(target, 'trainer', first);
    const second = fork(WORKER_FILE, [], {
      env: { ...bench.env, LOG_LEVEL: 'silent' },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const ended = once(second, 'exit');
    signalProcess(first, 'SIGSTOP');
    const sinceMs = performance.now();
    const recovered = untilTakenAgain(target)
      .finally(() => signalProcess(first, 'SIGCONT'))
      .then(async () => {
        const tookMs = performance.now() - sinceMs;
        say(
          `the second worker has it after ${(tookMs / 1000).toFixed(1)} s; the first goes on and must give it up`,
        );
        while ((await findProcess(bench.home.dir, 'trainer', first)) === firstTrainer) {
          signal.throwIfAborted();
          await hold(LOOK_INTERVAL_MS);
        }
        return tookMs;
      })
      .finally(async () => {
        second.kill('SIGTERM');
        await ended;
      });
    return { sinceMs, recovered };
  },
};
