/**
 * What is stored of a run and what its stream adds up to: curves by name, log lines, current progress. Each numbered
 * event counts once, even if a reconnect sends it again. Pure.
 */
import type { MetricCurve } from '../../../charts/curves/curve-panels.ts';

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
  /** Names of series of which the server has more numbers than are here. */
  thinned: ReadonlySet<string>;
  /** Its numbers have steps alone, and no epochs. */
  isByStep: boolean;
  /** The newest that came over the stream; what was before them is read when the log is looked at. */
  events: readonly StreamEvent[];
  progress: StreamProgress | null;
  epochsDone: number;
  /** The newest epoch that was the best so far; null before the first. */
  bestEpoch: number | null;
};

/** As many as the log shows: a page may stay open for days. */
export const EVENTS_KEPT = 1_000;
/** Of one series that is asked for: about as many as a chart has pixels. */
export const POINTS_SHOWN = 500;
/** Of one series that the stream has made longer, before it is read again, thinned. */
export const POINTS_KEPT = 750;

export const EMPTY_STREAM: RunStreamState = {
  lastSeq: 0,
  series: new Map(),
  thinned: new Set(),
  isByStep: false,
  events: [],
  progress: null,
  epochsDone: 0,
  bestEpoch: null,
};

/** What a run has stored, and up to which event. */
type StoredRun = {
  lastSeq: number;
  epochsDone: number;
  bestEpoch?: number | null;
  metrics: readonly StoredSeries[];
};

/** A value that is no number is null; without epochs, steps stand in their place. */
type StoredSeries = {
  name: string;
  pointCount: number;
  points: readonly { epoch: number; step: number; value?: number | null }[];
};

/** Where the stream goes on from. */
export function startFromStored({ lastSeq, epochsDone, bestEpoch, metrics }: StoredRun): RunStreamState {
  const series = metrics.map(({ name, points }) => {
    return [
      name,
      new Map(points.map(({ epoch, step, value }) => [epoch || step, value ?? Number.NaN])),
    ] as const;
  });
  const thinned = metrics.filter(({ points, pointCount }) => points.length < pointCount);
  return {
    ...EMPTY_STREAM,
    lastSeq,
    epochsDone,
    bestEpoch: bestEpoch ?? null,
    series: new Map(series),
    thinned: new Set(thinned.map(({ name }) => name)),
    isByStep: metrics.length > 0 && metrics.every(({ points }) => points.every(({ epoch }) => epoch === 0)),
  };
}

/**
 * The numbers as they are stored by now; what the stream has told beside them stays, also of epochs that ended while the
 * answer was under way.
 */
export function readNumbersAgain(state: RunStreamState, stored: StoredRun): RunStreamState {
  const { series, thinned, isByStep } = startFromStored(stored);
  const joined = new Map<string, ReadonlyMap<number, number>>(series);
  if (state.lastSeq > stored.lastSeq) {
    for (const [name, points] of state.series) {
      const read = series.get(name) ?? new Map<number, number>();
      const last = Math.max(0, ...read.keys());
      const later = [...points].filter(([epoch]) => epoch > last);
      if (later.length > 0) joined.set(name, new Map([...read, ...later]));
    }
  }
  return { ...state, series: joined, thinned, isByStep };
}

/** Whether the stream has brought more numbers than a page keeps: the stored ones, thinned, say the same. */
export function isCrowded({ series }: RunStreamState): boolean {
  for (const points of series.values()) if (points.size > POINTS_KEPT) return true;
  return false;
}

/** Adds what came meanwhile; gives back the same object when nothing was new. */
export function addToStream(state: RunStreamState, items: readonly StreamItem[]): RunStreamState {
  let { lastSeq, progress, epochsDone, bestEpoch } = state;
  const events: StreamEvent[] = [];
  // The same object as long as no epoch came, so that curves are drawn again for nothing else.
  let series: Map<string, ReadonlyMap<number, number>> | null = null;
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
    // Of numbers that a program adds the curves tell.
    if (item.kind !== 'METRICS') events.push(item);
    const epoch = item.kind === 'EPOCH' ? readEpoch(item.payload) : null;
    if (epoch === null) continue;
    epochsDone = Math.max(epochsDone, epoch);
    if (isBest(item.payload)) bestEpoch = epoch;
    series ??= new Map(state.series);
    for (const { name, value } of item.metrics) series.set(name, new Map(series.get(name)).set(epoch, value));
  }
  if (!changed) return state;
  return {
    ...state,
    lastSeq,
    progress,
    epochsDone,
    bestEpoch,
    series: series ?? state.series,
    events: events.length > 0 ? [...state.events, ...events].slice(-EVENTS_KEPT) : state.events,
  };
}

/** The curves in a form that can be drawn: points by rising epoch. */
export function listCurves(series: RunStreamState['series']): MetricCurve[] {
  return [...series].map(([name, points]) => ({
    name,
    points: [...points].sort(([a], [b]) => a - b).map(([epoch, value]) => ({ epoch, value })),
  }));
}

/** The log: what was stored when it was read, and what came since, each once. */
export function joinEvents(stored: readonly StreamEvent[], live: readonly StreamEvent[]): StreamEvent[] {
  const lastSeq = stored.at(-1)?.seq ?? 0;
  return [...stored, ...live.filter(({ seq }) => seq > lastSeq)].filter(({ kind }) => kind !== 'METRICS');
}

function readEpoch(payload: unknown): number | null {
  if (typeof payload !== 'object' || payload === null) return null;
  const { epoch } = payload as { epoch?: unknown };
  return typeof epoch === 'number' ? epoch : null;
}

function isBest(payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && (payload as { best?: unknown }).best === true;
}
