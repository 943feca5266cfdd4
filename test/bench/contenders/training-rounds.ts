/**
 * One network on several contenders in turns: a round gives each of them some seconds of training, then of inference,
 * alone on the machine. Speeds are medians over all batches, ratios medians over the rounds.
 */
import { type Contender, type ContenderSpec, openContender } from './contender.ts';
import type { MeasureRequest, StartRequest } from './training-server.ts';

/** The first steps of a round find cold caches, those of the first round also memory that is not laid out yet. */
const WARM_UP_RUNS = 2;

export type Measured = {
  name: string;
  version: string;
  isPeer: boolean;
  trainPatchesPerSecond: number;
  predictPatchesPerSecond: number;
  /** Of the whole process. */
  peakBytes: number;
  /** From nothing to the end of the first step; loading the libraries is not in it. */
  startMs: number;
  /** Of the worker's backends: speed over each peer's. */
  ratios: { peer: string; training: number; inference: number }[];
};

export type MeasuredRounds = Omit<Measured, 'ratios'> & { rounds: { training: number; inference: number }[] };

export type NetworkRequest = Omit<StartRequest, 'kind' | 'backend'> &
  Pick<MeasureRequest, 'seconds' | 'clock'> & {
    rounds: number;
    /** Aborted: all processes are killed, and the measurement fails. */
    signal?: AbortSignal;
  };

type Subject = {
  contender: Contender;
  started: { version: string; startMs: number };
  /** Durations of all batches in ms, a list a round. */
  training: number[][];
  inference: number[][];
};

export async function measureNetwork(
  specs: readonly ContenderSpec[],
  { rounds, seconds, clock, signal, ...request }: NetworkRequest,
): Promise<MeasuredRounds[]> {
  const subjects: Subject[] = [];
  for (const spec of specs) {
    const contender = openContender(spec, signal);
    try {
      subjects.push({ contender, started: await contender.start(request), training: [], inference: [] });
    } catch (error) {
      console.error(`Left out: ${(error as Error).message}`);
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const { contender, training, inference } of subjects) {
      const turn = { seconds, clock, warmUpRuns: WARM_UP_RUNS };
      training.push((await contender.measure({ kind: 'train', ...turn })).durationsMs);
      inference.push((await contender.measure({ kind: 'predict', ...turn })).durationsMs);
    }
  }
  return Promise.all(subjects.map((subject) => summarise(subject, request.batchSize)));
}

async function summarise(subject: Subject, batchSize: number): Promise<MeasuredRounds> {
  const { contender, started, training, inference } = subject;
  const speed = (durationsMs: readonly number[]) => (batchSize / median(durationsMs)) * 1000;
  const { peakBytes } = await contender.end();
  return {
    name: contender.spec.name,
    isPeer: contender.spec.backend === null,
    version: started.version,
    startMs: started.startMs,
    trainPatchesPerSecond: speed(training.flat()),
    predictPatchesPerSecond: speed(inference.flat()),
    peakBytes,
    rounds: training.map((durationsMs, round) => ({
      training: speed(durationsMs),
      inference: speed(inference[round] as number[]),
    })),
  };
}

/** Adds to every backend its ratios to every peer. */
export function compareWithPeers(all: readonly MeasuredRounds[]): Measured[] {
  const peers = all.filter(({ isPeer }) => isPeer);
  return all.map(({ rounds, ...measured }) => ({
    ...measured,
    ratios: measured.isPeer
      ? []
      : peers.map((peer) => ({
          peer: peer.name,
          training: median(rounds.map(({ training }, at) => training / roundOf(peer, at).training)),
          inference: median(rounds.map(({ inference }, at) => inference / roundOf(peer, at).inference)),
        })),
  }));
}

function roundOf(measured: MeasuredRounds, round: number): { training: number; inference: number } {
  return measured.rounds[round] as { training: number; inference: number };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
}
