/** What a fault is: how it is done to a run in mid-training, and by what it is told that the platform got over it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { SeededRandom } from '@microtome/domain/seeded-random';
import type { FaultBench } from '../platform/fault-bench.ts';
import { findProcess, type Role } from '../platform/processes.ts';
import type { RunState, RunWatch } from '../platform/run-watch.ts';
import type { Subscriber } from '../platform/subscriber.ts';

const LOOK_INTERVAL_MS = 20;

export type FaultTarget = {
  bench: FaultBench;
  /** The run that is being trained. */
  run: RunWatch;
  /** As it was right before the fault. */
  before: RunState;
  /** A run that has succeeded. */
  finishedRunId: string;
  subscribers: readonly Subscriber[];
  /** Draws of this fault alone. */
  random: SeededRandom;
  /** Aborted when the platform has had all the time that it gets to recover. */
  signal: AbortSignal;
  /** Tells of a step, for who reads along. */
  say(message: string): void;
  /** Something that must not be. */
  accuse(sentence: string): void;
};

export type Recovery = {
  /** When the fault came, or for one that lasts, when it was over (`performance.now`). */
  sinceMs: number;
  /** Resolves when the platform is over it. */
  recovered: Promise<unknown>;
};

export type Fault = {
  /** What is hit. */
  subject: string;
  /** What is done to it. */
  act: string;
  /** What counts as recovered, for the table. */
  recoveredBy: string;
  /** The longest that recovery may take, where that is promised. */
  promisedSeconds?: number;
  /** About how long it lasts before recovery, to plan a short sitting. */
  lastsSeconds: number;
  /** Null, or why it cannot be done here. */
  whyNot?(bench: FaultBench): string | null;
  inject(target: FaultTarget): Promise<Recovery>;
};

export const NEXT_EPOCH = 'the next epoch is recorded';
export const NEXT_EPOCH_OF_ANOTHER_ATTEMPT = 'the next attempt has recorded an epoch';
export const ALL_HEAR = 'every subscriber has the next event';

/** The run ended before the fault could be done to it: nothing was tried. */
export class RunIsOver extends Error {}

/**
 * The first process of that role, waited for when it is just being started.
 * @throws RunIsOver when there is none, and none will come for this run
 */
export async function waitForProcess(
  { bench, run, signal }: FaultTarget,
  role: Role,
  parentPid?: number,
): Promise<number> {
  for (;;) {
    signal.throwIfAborted();
    const pid = await findProcess(bench.home.dir, role, parentPid);
    if (pid) return pid;
    const state = await run.look().catch(() => null);
    if (state?.status === 'SUCCEEDED') throw new RunIsOver(`There is no ${role} any more.`);
    await delay(LOOK_INTERVAL_MS);
  }
}

/** Another epoch than those that are there now. */
export async function untilNextEpoch({ run, signal }: FaultTarget): Promise<RunState> {
  const { epochsDone } = await run.until(() => true, signal);
  return run.until((state) => state.epochsDone > epochsDone || state.status === 'SUCCEEDED', signal);
}

export function untilLaterAttemptAdds({ run, before, signal }: FaultTarget): Promise<RunState> {
  return run.until((state) => state.epochAttempt > before.attempt || state.status === 'SUCCEEDED', signal);
}

/** Another attempt of a worker has begun. */
export function untilTakenAgain({ run, before, signal }: FaultTarget): Promise<RunState> {
  return run.until((state) => state.attempt > before.attempt || state.status === 'SUCCEEDED', signal);
}

/** Every subscriber has an event that was not there yet. */
export async function untilAllHear({ run, subscribers, signal }: FaultTarget): Promise<void> {
  const { lastSeq } = await run.until(() => true, signal);
  const next = await run.until((state) => state.lastSeq > lastSeq || state.status === 'SUCCEEDED', signal);
  await Promise.all(subscribers.map((subscriber) => subscriber.waitFor(next.lastSeq, signal)));
}

export async function hold(ms: number): Promise<void> {
  await delay(ms);
}

/** Between the two, drawn. */
export function drawBetween(random: SeededRandom, least: number, most: number): number {
  return Math.round(least + (most - least) * random.next());
}
