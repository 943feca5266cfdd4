/** A sitting: the platform is started, untouched runs are trained to compare with, and faults come until the time is up. */
import { readRecord, type TrainingRecord } from '../fixtures/training-record.ts';
import { launch, openRunUnderFire, type RunUnderFire } from './fire.ts';
import type { Break } from './invariants/invariant.ts';
import type { Fault } from './kinds/fault.ts';
import { type FaultBench, openFaultBench } from './platform/fault-bench.ts';
import { signalProcess } from './platform/processes.ts';
import type { ActResult, SittingResult } from './report/sitting-result.ts';
import { createSchedule, type Schedule } from './schedule.ts';

/** Recovery, the rest of the run and the invariants. */
const ROUND_SECONDS = 16;
/** Enough for the longest fault. */
const FIRST_SECONDS = 30;
const UNTOUCHED_LIMIT_MS = 180_000;

export type SittingOptions = {
  seed: number;
  minutes: number;
  /** How many different runs there are. */
  runSeeds: number;
  hasWeb: boolean;
  faults: readonly Fault[];
  /** Aborted: ends behind the present run. */
  signal: AbortSignal;
  print(line: string): void;
};

type Sitting = SittingOptions & {
  bench: FaultBench;
  schedule: Schedule;
  beganMs: number;
  say(message: string): void;
  untouched: Map<number, { runId: string; record: TrainingRecord }>;
  result: SittingResult;
};

export async function holdSitting(options: SittingOptions): Promise<SittingResult> {
  const { seed, minutes, hasWeb } = options;
  const beganMs = performance.now();
  const say = (message: string) =>
    options.print(`${((performance.now() - beganMs) / 1000).toFixed(1).padStart(7)} s  ${message}`);
  say(`seed ${seed}, ${minutes} minutes`);
  const bench = await openFaultBench({ hasWeb, say });
  const possible = options.faults.filter((fault) => !fault.whyNot?.(bench));
  const result: SittingResult = {
    seed,
    minutes,
    leftOut: options.faults.flatMap((fault) => {
      const reason = fault.whyNot?.(bench);
      return reason ? [`${fault.subject}: ${fault.act}: ${reason}.`] : [];
    }),
    runs: 0,
    epochs: 0,
    events: 0,
    reconnects: 0,
    acts: [],
    otherBreaks: [],
    epochsLost: 0,
    epochsDoubled: 0,
  };
  const schedule = createSchedule(seed, possible);
  const sitting = { ...options, bench, schedule, beganMs, say, untouched: new Map(), result };
  try {
    await trainUntouched(sitting);
    while (await holdRound(sitting)) {}
  } finally {
    const left = await bench.close();
    if (left.length > 0) {
      result.otherBreaks.push(`Left over when the platform had stopped: ${left.join(', ')}.`);
    }
  }
  return result;
}

async function trainUntouched({ bench, seed, runSeeds, say, untouched }: Sitting): Promise<void> {
  for (let index = 0; index < runSeeds; index++) {
    const watch = await launch({ bench }, seed + index);
    const { status, error } = await watch.until(
      (state) => state.status === 'SUCCEEDED' || state.status === 'FAILED',
      AbortSignal.timeout(UNTOUCHED_LIMIT_MS),
    );
    if (status !== 'SUCCEEDED') throw new Error(`The untouched run ended as ${status}: ${error}`);
    untouched.set(seed + index, { runId: watch.runId, record: await readRecord(bench.store, watch.runId) });
    say(`an untouched run of seed ${seed + index} is trained`);
  }
}

/** One run. False when the time is up. */
async function holdRound(sitting: Sitting): Promise<boolean> {
  const { bench, seed, runSeeds, signal, schedule, say, beganMs, minutes, result } = sitting;
  const secondsLeft = () => {
    const left = minutes * 60 - ROUND_SECONDS - (performance.now() - beganMs) / 1000;
    // On a busy machine all the time may go by before the first: one run is hit in any case.
    return result.runs <= 1 && result.acts.length === 0 ? Math.max(left, FIRST_SECONDS) : left;
  };
  if (signal.aborted || secondsLeft() <= 0) return false;
  const runSeed = seed + (result.runs % runSeeds);
  const { record: untouched, runId: finishedRunId } = sitting.untouched.get(runSeed)!;
  const run = await openRunUnderFire({ bench, seed: runSeed, untouched, beganMs, say });
  result.runs += 1;
  const acts: ActResult[] = [];
  let isTimeUp = false;
  for (let left = schedule.drawRunLength(); left > 0; left--) {
    const isReady = await run.readyForFault().catch(() => false);
    const act = isReady ? schedule.take(secondsLeft()) : null;
    isTimeUp = isReady && !act;
    if (!act) break;
    const hit = await run.hit(act, finishedRunId);
    if (!hit) {
      schedule.putBack(act);
      break;
    }
    acts.push(hit);
    if (hit.recoveredSeconds === null) break;
  }
  const breaks = await run.judge();
  for (const { sentence } of breaks) say(`  BROKEN: ${sentence}`);
  await keepResult(sitting, { run, acts, breaks });
  return acts.length > 0 || !isTimeUp;
}

async function keepResult(
  sitting: Sitting,
  { run, acts, breaks }: { run: RunUnderFire; acts: ActResult[]; breaks: Break[] },
): Promise<void> {
  const { bench, result, say } = sitting;
  const last = acts.at(-1);
  for (const act of acts) {
    result.epochsLost += act.epochsLost;
    result.epochsDoubled += act.epochsDoubled;
  }
  for (const { sentence, epochsLost = 0, epochsDoubled = 0 } of breaks) {
    (last?.breaks ?? result.otherBreaks).push(sentence);
    for (const tally of last ? [last, result] : [result]) {
      tally.epochsLost += epochsLost;
      tally.epochsDoubled += epochsDoubled;
    }
  }
  result.acts.push(...acts);
  const state = await run.watch.look().catch(() => null);
  result.epochs += state?.epochsDone ?? 0;
  result.events += state?.lastSeq ?? 0;
  result.reconnects += run.subscribers.reduce((sum, { reconnects }) => sum + reconnects, 0);
  await run.close();
  const isWell = breaks.length === 0 && acts.every((act) => act.breaks.length === 0);
  say(
    `run ${result.runs}: ${state?.status}, ${state?.attempt} attempts, ${isWell ? 'every invariant holds' : 'BROKEN'}`,
  );
  if (isWell) await deleteRun(bench, run.watch.runId);
  else await startAfresh(sitting);
}

async function deleteRun({ api }: FaultBench, id: string): Promise<void> {
  await api.ask('mutation ($id: ID!) { deleteRun(id: $id) { id } }', { id });
}

/** What is broken must not colour what follows: the platform is killed and started again, and what was unfinished is canceled. */
async function startAfresh({ bench, say, untouched }: Sitting): Promise<void> {
  say(`the platform's last words:\n${bench.starter.lastWords()}`);
  bench.proxy.mend();
  signalProcess(bench.starter.pid(), 'SIGKILL');
  await bench.starter.ended();
  await bench.starter.start();
  const kept = [...untouched.values()].map(({ runId }) => runId);
  const open = await bench.store.database.prisma.run.findMany({
    where: { id: { notIn: kept }, status: { in: ['QUEUED', 'RUNNING'] } },
  });
  for (const { id } of open) await bench.api.ask('mutation ($id: ID!) { cancelRun(id: $id) { id } }', { id });
}
