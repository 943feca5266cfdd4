/**
 * When the queue will be empty, from what is known of each run: the time that a running one has left, and the time that
 * runs like a queued one took. Workers take queued runs in their order, each as soon as one is free.
 */

export type ExpectedRun = {
  id: string;
  /** Null where no run like it has finished yet, or a running one has not said. */
  seconds: number | null;
};

type QueueForecast = {
  /** Seconds until each run ends, by its id; those that are unknown count as taking no time. */
  ends: ReadonlyMap<string, number>;
  unknownIds: ReadonlySet<string>;
};

/**
 * `workerCount` counts those that are alive, busy ones included. Null without a worker for what waits: then nothing ends.
 * Any worker is taken to be able to train any run.
 */
export function forecastQueue(
  { running, queued }: { running: readonly ExpectedRun[]; queued: readonly ExpectedRun[] },
  workerCount: number,
): QueueForecast | null {
  if (workerCount === 0 && queued.length > 0) return null;
  const ends = new Map<string, number>();
  const unknownIds = new Set<string>();
  const freeAt: number[] = [];
  for (const { id, seconds } of running) {
    if (seconds === null) unknownIds.add(id);
    ends.set(id, seconds ?? 0);
    freeAt.push(seconds ?? 0);
  }
  while (freeAt.length < workerCount) freeAt.push(0);
  for (const { id, seconds } of queued) {
    if (seconds === null) unknownIds.add(id);
    const first = freeAt.indexOf(Math.min(...freeAt));
    const end = (freeAt[first] ?? 0) + (seconds ?? 0);
    freeAt[first] = end;
    ends.set(id, end);
  }
  return { ends, unknownIds };
}
