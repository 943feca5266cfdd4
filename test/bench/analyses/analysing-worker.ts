/** A worker in a process of its own that analyses slides: what it uses while it does, and how it ends. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readServersCpuSeconds, readTreeMemoryBytes } from '../tracking/process-tree.ts';

const WORKER_FILE = fileURLToPath(new URL('../../../workers/train/src/main.ts', import.meta.url));
const LOOK_INTERVAL_MS = 200;

export type AnalysingWorker = { pid: number; end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> };

export function startAnalysingWorker(place: { databaseUrl: string; artifactUrl: string }): AnalysingWorker {
  const child = fork(WORKER_FILE, [], {
    env: {
      ...{ PATH: process.env.PATH, LOG_LEVEL: 'silent', TRAIN_BACKEND: 'onnx' },
      ...{ DATABASE_URL: place.databaseUrl, ARTIFACT_URL: place.artifactUrl },
    },
    execArgv: [],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('The worker did not start.');
  return {
    pid,
    async end(signal) {
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}

export type Watched = { peakMegabytes: number; cpuSeconds: number; seconds: number };

/** Looks at the worker and what it started until `isReached`. Processor time is that of all servers, the database among them. */
export async function watchWorker(
  { pid }: AnalysingWorker,
  isReached: () => Promise<boolean>,
): Promise<Watched> {
  const startMs = performance.now();
  const cpuBefore = await readServersCpuSeconds();
  let peakBytes = Number.NaN;
  while (!(await isReached())) {
    // NaN where a process has ended while it was looked at.
    const bytes = await readTreeMemoryBytes(pid);
    if (!(bytes <= peakBytes) && !Number.isNaN(bytes)) peakBytes = bytes;
    await delay(LOOK_INTERVAL_MS);
  }
  const cpuSeconds = (await readServersCpuSeconds()) - cpuBefore;
  return {
    peakMegabytes: peakBytes / 1e6,
    cpuSeconds,
    seconds: (performance.now() - startMs) / 1000,
  };
}
