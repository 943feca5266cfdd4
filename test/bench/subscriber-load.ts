/**
 * Many subscribers on one API process while many runs train: publisher and subscribers are processes of their own, so
 * that the API alone is what is measured. Every subscriber must get every epoch of its run, once and in order.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startApi } from '../api/api-process.ts';

export type LoadPlan = {
  subscribers: number;
  runs: number;
  /** Epochs of each run, and the time from one to the next. */
  epochs: number;
  epochMs: number;
  /** Subscriptions that share a socket. */
  perSocket: number;
};

/** When an epoch was begun and committed, by the publisher's clock, which is the subscribers' too. */
export type Published = { run: number; epoch: number; begunAtMs: number; committedAtMs: number };
/** What one subscriber heard of its run, in the order of coming. */
export type Heard = { run: number; epochs: number[]; atMs: number[]; closings: string[] };

type MemorySample = { atSeconds: number; bytes: number };

export type LoadOutcome = {
  published: Published[];
  heard: Heard[];
  memory: MemorySample[];
  cpuSeconds: number;
  seconds: number;
};

const MEMORY_INTERVAL_MS = 1_000;

export async function loadSubscribers(
  place: { databaseUrl: string; artifactUrl: string },
  plan: LoadPlan,
): Promise<LoadOutcome> {
  const publisher = startRole('epoch-publisher.ts');
  const subscribers = startRole('subscriber-crowd.ts');
  const api = await startApi(place);
  try {
    const { databaseUrl, artifactUrl } = place;
    publisher.send({ databaseUrl, artifactUrl, plan });
    const runIds = (await hear(publisher)) as string[];
    subscribers.send({ url: api.url, runIds, plan });
    await hear(subscribers);
    const startedAt = performance.now();
    const secondsSince = () => (performance.now() - startedAt) / 1000;
    const cpuBefore = await api.readCpuSeconds();
    const memory: MemorySample[] = [];
    const sampling = setInterval(async () => {
      memory.push({ atSeconds: secondsSince(), bytes: await api.readMemoryBytes() });
    }, MEMORY_INTERVAL_MS);
    publisher.send('go');
    const published = (await hear(publisher)) as Published[];
    const seconds = secondsSince();
    clearInterval(sampling);
    subscribers.send({ lastEpoch: plan.epochs });
    const heard = (await hear(subscribers)) as Heard[];
    const cpuSeconds = (await api.readCpuSeconds()) - cpuBefore;
    return { published, heard, memory, cpuSeconds, seconds };
  } finally {
    for (const child of [publisher, subscribers]) if (child.connected) child.disconnect();
    await api.stop();
  }
}

/** A process of its own, which ends when it is disconnected. */
function startRole(file: string): ChildProcess {
  return fork(fileURLToPath(new URL(`./${file}`, import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

async function hear(child: ChildProcess): Promise<unknown> {
  const leaving = new AbortController();
  const left = once(child, 'exit', { signal: leaving.signal }).then(([code]) => {
    throw new Error(`${child.spawnfile} ended with status ${code}.`);
  });
  left.catch(() => undefined);
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal: leaving.signal }), left])) as [
      unknown,
    ];
    return message;
  } finally {
    leaving.abort();
  }
}
