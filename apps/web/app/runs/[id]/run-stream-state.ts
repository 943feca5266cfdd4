/**
 * What a run's stream adds up to: curves by name, log lines, current progress. Each numbered event counts once,
 * even if a reconnect sends it again. Pure.
 */
import type { MetricCurve } from '../../../charts/curve-panels.ts';

export type StreamEvent = {
  __typename: 'RunEvent';
  seq: number;
  kind: string;
  attempt: number;
  at: string;
  payload: unknown;
  metrics: readonly { name: string; value: number }[];
};
export type StreamProgress = {
  __typename: 'RunProgress';
  attempt: number;
  phase: string;
  epoch: number;
  epochs: number;
  batch: number;
  batches: number;
  patchesPerSecond?: number | null;
  secondsLeft?: number | null;
  loss?: number | null;
  /** Why nothing moves right now. */
  waitingFor?: string | null;
};
type StreamItem = StreamEvent | StreamProgress;

export type RunStreamState = {
  lastSeq: number;
  /** Metric name → epoch → value. A later attempt that repeats an epoch replaces its numbers. */
  series: ReadonlyMap<string, ReadonlyMap<number, number>>;
  events: readonly StreamEvent[];
  progress: StreamProgress | null;
  epochsDone: number;
  /** The newest epoch that was the best so far; null before the first. */
  bestEpoch: number | null;
};

export const EMPTY_STREAM: RunStreamState = {
  lastSeq: 0,
  series: new Map(),
  events: [],
  progress: null,
  epochsDone: 0,
  bestEpoch: null,
};

/** Adds what came in one frame; gives back the same object when nothing was new. */
export function addToStream(state: RunStreamState, items: readonly StreamItem[]): RunStreamState {
  let { lastSeq, progress, epochsDone, bestEpoch } = state;
  const events: StreamEvent[] = [];
  const series = new Map(state.series);
  let changed = false;
  for (const item of items) {
    if (item.__typename === 'RunProgress') {
      progress = item;
      changed = true;
      continue;
    }
    if (item.seq <= lastSeq) continue;
    lastSeq = item.seq;
    changed = true;
    events.push(item);
    const epoch = item.kind === 'EPOCH' ? readEpoch(item.payload) : null;
    if (epoch === null) continue;
    epochsDone = Math.max(epochsDone, epoch);
    if (isBest(item.payload)) bestEpoch = epoch;
    for (const { name, value } of item.metrics) series.set(name, new Map(series.get(name)).set(epoch, value));
  }
  if (!changed) return state;
  return {
    lastSeq,
    progress,
    epochsDone,
    bestEpoch,
    series,
    events: events.length > 0 ? [...state.events, ...events] : state.events,
  };
}

/** The curves in a form that can be drawn: points by rising epoch. */
export function listCurves(state: RunStreamState): MetricCurve[] {
  return [...state.series].map(([name, points]) => ({
    name,
    points: [...points].sort(([a], [b]) => a - b).map(([epoch, value]) => ({ epoch, value })),
  }));
}

/** Adds series that the stream does not carry, such as numbers logged from outside. */
export function joinCurves(live: readonly MetricCurve[], stored: readonly MetricCurve[]): MetricCurve[] {
  const names = new Set(live.map(({ name }) => name));
  return [...live, ...stored.filter(({ name }) => !names.has(name))];
}

function readEpoch(payload: unknown): number | null {
  if (typeof payload !== 'object' || payload === null) return null;
  const { epoch } = payload as { epoch?: unknown };
  return typeof epoch === 'number' ? epoch : null;
}

function isBest(payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && (payload as { best?: unknown }).best === true;
}
