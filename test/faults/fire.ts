/** One run under fire: launched, followed by subscribers, hit by one act or more, seen to its end, judged and deleted. */
import { setTimeout as delay } from 'node:timers/promises';
import type { TrainingRecord } from '../fixtures/training-record.ts';
import { allInvariants } from './invariants/all-invariants.ts';
import type { Break, Evidence, Invariant } from './invariants/invariant.ts';
import { drawBetween, RunIsOver } from './kinds/fault.ts';
import type { FaultBench } from './platform/fault-bench.ts';
import { type RunState, type RunWatch, watchRun } from './platform/run-watch.ts';
import { type Subscriber, subscribe } from './platform/subscriber.ts';
import type { ActResult } from './report/sitting-result.ts';
import type { Act } from './schedule.ts';

const SUBSCRIBERS = 3;
const EPOCHS = 16;
/** Left for the recovery of the last fault of a run. */
const LAST_EPOCHS = 3;
/** How long an invariant may take to hold: a canceled run's job is taken and dropped, a process ends. */
const SETTLING_LIMIT_MS = 20_000;
const LOOK_INTERVAL_MS = 250;
const RECOVERY_LIMIT_MS = 100_000;
const RUN_LIMIT_MS = 180_000;
/** Before the fault, so that it does not always come right after an epoch. */
const LATEST_MS = 700;

export type RunUnderFire = {
  watch: RunWatch;
  subscribers: Subscriber[];
  /** Resolves when the next fault may come; false when the run is too far for one. */
  readyForFault(): Promise<boolean>;
  /** Null when the run ended before the act could be done. */
  hit(act: Act, finishedRunId: string): Promise<ActResult | null>;
  /** Sees the run to its end, and gives what contradicts the invariants. */
  judge(): Promise<Break[]>;
  close(): Promise<void>;
};

type Situation = {
  bench: FaultBench;
  seed: number;
  untouched: TrainingRecord;
  /** When the sitting began (`performance.now`). */
  beganMs: number;
  say(message: string): void;
};

export async function launch({ bench }: Pick<Situation, 'bench'>, seed: number): Promise<RunWatch> {
  const { launchRun } = await bench.api.ask<{ launchRun: { id: string } }>(
    'mutation ($input: LaunchRunInput!) { launchRun(input: $input) { id } }',
    {
      input: {
        experimentId: bench.experimentId,
        splitId: bench.splitId,
        hyperparameters: { width: 0.5, batchSize: 16, epochs: EPOCHS, learningRate: 3e-4, seed },
        backend: 'onnx',
      },
    },
  );
  return watchRun(bench.lookout, launchRun.id);
}

export async function openRunUnderFire(situation: Situation): Promise<RunUnderFire> {
  const { bench, seed, untouched } = situation;
  const watch = await launch(situation, seed);
  const subscribers = Array.from({ length: SUBSCRIBERS }, () => subscribe(bench.api.url, watch.runId));
  const evidence: Evidence = { bench, runId: watch.runId, subscribers, untouched };
  let heardOf = 0;
  return {
    watch,
    subscribers,
    async readyForFault() {
      const wanted = heardOf + 1;
      const state = await watch.until(
        ({ status, epochsDone, epochAttempt, attempt }) =>
          isOver(status) || (status === 'RUNNING' && epochsDone >= wanted && epochAttempt === attempt),
        AbortSignal.timeout(RUN_LIMIT_MS),
      );
      heardOf = state.epochsDone;
      return !isOver(state.status) && state.epochsDone <= EPOCHS - LAST_EPOCHS;
    },
    hit: (act, finishedRunId) => hit({ ...situation, watch, subscribers, evidence, finishedRunId }, act),
    async judge() {
      const end = await watch
        .until(({ status }) => isOver(status), AbortSignal.timeout(RUN_LIMIT_MS))
        .catch(() => null);
      if (!end) return [{ sentence: `Run ${watch.runId} did not come to its end.` }];
      const waiting = AbortSignal.timeout(SETTLING_LIMIT_MS);
      await Promise.all(subscribers.map((one) => one.waitFor(end.lastSeq, waiting))).catch(() => undefined);
      return check(evidence, ['always', 'settled']);
    },
    async close() {
      await Promise.all(subscribers.map((subscriber) => subscriber.close()));
    },
  };
}

type Hit = Situation & {
  watch: RunWatch;
  subscribers: Subscriber[];
  evidence: Evidence;
  finishedRunId: string;
};

async function hit(situation: Hit, act: Act): Promise<ActResult | null> {
  const { bench, watch, subscribers, evidence, finishedRunId, beganMs, say } = situation;
  const { fault, number, random } = act;
  await delay(drawBetween(random, 0, LATEST_MS));
  const atSeconds = (performance.now() - beganMs) / 1000;
  const breaks: Break[] = [];
  let recoveredSeconds: number | null = null;
  try {
    const before = await watch.look();
    say(
      `act ${number}: ${fault.subject}: ${fault.act} (attempt ${before.attempt}, ${before.epochsDone} epochs)`,
    );
    const { sinceMs, recovered } = await fault.inject({
      bench,
      run: watch,
      before,
      finishedRunId,
      subscribers,
      random,
      signal: AbortSignal.timeout(RECOVERY_LIMIT_MS),
      say: (message) => say(`  ${message}`),
      accuse: (sentence) => breaks.push({ sentence }),
    });
    const took = await recovered;
    recoveredSeconds = (typeof took === 'number' ? took : performance.now() - sinceMs) / 1000;
    say(`  recovered after ${recoveredSeconds.toFixed(1)} s`);
    breaks.push(...(await check(evidence, ['always'])));
  } catch (error) {
    if (error instanceof RunIsOver) {
      say('  the run was at its end before: put off');
      return null;
    }
    const isTimeOut = (error as Error).name === 'TimeoutError';
    breaks.push({
      sentence: isTimeOut
        ? `It did not recover within ${RECOVERY_LIMIT_MS / 1000} s.`
        : `It ended with: ${error}`,
    });
  }
  for (const { sentence } of breaks) say(`  BROKEN: ${sentence}`);
  const { subject, act: what, recoveredBy, promisedSeconds = null } = fault;
  return {
    number,
    subject,
    act: what,
    recoveredBy,
    promisedSeconds,
    atSeconds,
    recoveredSeconds,
    epochsLost: breaks.reduce((sum, { epochsLost = 0 }) => sum + epochsLost, 0),
    epochsDoubled: breaks.reduce((sum, { epochsDoubled = 0 }) => sum + epochsDoubled, 0),
    breaks: breaks.map(({ sentence }) => sentence),
  };
}

async function check(evidence: Evidence, when: readonly Invariant['holds'][]): Promise<Break[]> {
  const found: Break[] = [];
  for (const invariant of allInvariants) {
    if (when.includes(invariant.holds)) found.push(...(await checkOne(invariant, evidence)));
  }
  return found;
}

async function checkOne(invariant: Invariant, evidence: Evidence): Promise<Break[]> {
  const deadline = performance.now() + (invariant.settlesWithinMs ?? SETTLING_LIMIT_MS);
  for (;;) {
    const breaks = await invariant
      .check(evidence)
      .catch((error: unknown): Break[] => [{ sentence: String(error) }]);
    if (breaks.length === 0) return [];
    if (performance.now() > deadline) {
      return breaks.map((one) => ({ ...one, sentence: `Not so that ${invariant.name}. ${one.sentence}` }));
    }
    await delay(LOOK_INTERVAL_MS);
  }
}

function isOver(status: RunState['status']): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED' || status === 'CANCELED';
}
