/**
 * What happens in runs, read once for all who follow them in this process: the newest events of each followed run and
 * its progress. Events of all runs that moved come in one statement. A run's newest events stay at hand for followers
 * that are a little behind; those that are further behind read on their own (follow-run-events.ts).
 */
import type { RunEvent, RunProgress } from '../../generated/prisma/client.ts';
import type { Listener } from '../database/listen.ts';
import { createSharedLook, type SharedLook } from '../database/shared-look.ts';
import type { Store } from '../store.ts';
import { type EventRange, listEvents, listEventsOfRanges } from './run-events.ts';

const PAGE_SIZE = 500;
/** Small, because a slow follower holds one. */
const PAGE_BEHIND = 100;
/** Runs whose events one statement reads. */
const RUNS_A_LOOK = 64;
const LOOK_INTERVAL_MS = 5_000;
/** Events at hand: of one run, of all together, and the least of one run whatever the others have. */
const RECENT_OF_RUN = 256;
const RECENT_IN_ALL = 20_000;
const RECENT_LEAST = 8;

/** What is known of one run. Followers read it and never change it. */
export type RunTopic = {
  readonly runId: string;
  /** Number of the newest event that was read; null until the first look. */
  readonly head: number | null;
  /** The newest events up to `head`, without gaps. */
  readonly recent: readonly RunEvent[];
  readonly progress: RunProgress | null;
  readonly failure: { error: unknown } | null;
  /** A page of what lies further back; those who ask for the same one at the same time share it. */
  readPage(afterSeq: number): Promise<RunEvent[]>;
};

type Topic = { -readonly [Field in keyof RunTopic]: RunTopic[Field] } & { wakes: Set<() => void> };

type RunFeed = {
  /** One more follower of the run, which `wake` is called for whenever its topic has changed. */
  enter(runId: string, wake: () => void): { topic: RunTopic; leave(): void };
};

type Hint = `event:${string}` | `progress:${string}`;

const feeds = new WeakMap<Listener, RunFeed>();

/** All who follow by the same listener share one feed. */
export function shareRunFeed(store: Store, listener: Listener): RunFeed {
  const feed = feeds.get(listener) ?? createRunFeed(store, listener);
  feeds.set(listener, feed);
  return feed;
}

function createRunFeed(store: Store, listener: Listener): RunFeed {
  const topics = new Map<string, Topic>();
  const look: SharedLook<Hint> = createSharedLook<Hint>({
    listener,
    channels: {
      run_event: (payload) => `event:${payload.slice(0, payload.lastIndexOf(':'))}`,
      run_progress: (runId) => `progress:${runId}`,
    },
    look: (hints) => lookAt(store, { topics, hints, again: (runId) => look.mark(`event:${runId}`) }),
    onError: (hints, error) => {
      for (const topic of pick(topics, hints)) change(topic, { failure: { error } });
    },
    listMissed: async () =>
      [...topics.keys()].flatMap((runId): Hint[] => [`event:${runId}`, `progress:${runId}`]),
    intervalMs: LOOK_INTERVAL_MS,
  });
  return {
    enter(runId, wake) {
      const leave = look.enter();
      let topic = topics.get(runId);
      // One that failed is read from the start for those who come now.
      if (!topic || topic.failure) {
        topic = createTopic(store, runId);
        topics.set(runId, topic);
        look.mark(`event:${runId}`);
        look.mark(`progress:${runId}`);
      }
      const { wakes } = topic;
      wakes.add(wake);
      return {
        topic,
        leave() {
          wakes.delete(wake);
          if (wakes.size === 0 && topics.get(runId)?.wakes === wakes) topics.delete(runId);
          leave();
        },
      };
    },
  };
}

function createTopic(store: Store, runId: string): Topic {
  const pages = new Map<number, Promise<RunEvent[]>>();
  return {
    runId,
    head: null,
    recent: [],
    progress: null,
    failure: null,
    wakes: new Set(),
    readPage(afterSeq) {
      const page =
        pages.get(afterSeq) ??
        listEvents(store, { runId, afterSeq, limit: PAGE_BEHIND }).finally(() => pages.delete(afterSeq));
      pages.set(afterSeq, page);
      return page;
    },
  };
}

type Look = { topics: Map<string, Topic>; hints: readonly Hint[]; again(runId: string): void };

async function lookAt(store: Store, { topics, hints, again }: Look): Promise<void> {
  const moved = pick(topics, hints, 'event:');
  for (let at = 0; at < moved.length; at += RUNS_A_LOOK) {
    await lookAtEvents(store, { topics: moved.slice(at, at + RUNS_A_LOOK), among: topics.size, again });
  }
  await lookAtProgress(store, pick(topics, hints, 'progress:'));
}

async function lookAtEvents(
  store: Store,
  { topics, among, again }: { topics: readonly Topic[]; among: number; again(runId: string): void },
): Promise<void> {
  const keep = Math.max(RECENT_LEAST, Math.min(RECENT_OF_RUN, Math.floor(RECENT_IN_ALL / among)));
  await findHeads(store, { topics, keep });
  const ranges = topics.flatMap(({ runId, head }): EventRange[] =>
    head === null ? [] : [{ runId, afterSeq: head, limit: PAGE_SIZE }],
  );
  if (ranges.length === 0) return;
  const events = Map.groupBy(await listEventsOfRanges(store, padRanges(ranges)), ({ runId }) => runId);
  for (const topic of topics) {
    const added = events.get(topic.runId) ?? [];
    const last = added.at(-1);
    if (!last) continue;
    // A new list: followers may be in the middle of the old one.
    change(topic, { head: last.seq, recent: [...topic.recent, ...added].slice(-keep) });
    if (added.length === PAGE_SIZE) again(topic.runId);
  }
}

/** A run that is new here begins so far back that its newest events are at hand after this look. */
async function findHeads(
  store: Store,
  { topics, keep }: { topics: readonly Topic[]; keep: number },
): Promise<void> {
  const fresh = topics.filter(({ head }) => head === null);
  if (fresh.length === 0) return;
  const runs = await store.database.prisma.run.findMany({
    where: { id: { in: fresh.map(({ runId }) => runId) } },
    select: { id: true, lastSeq: true },
  });
  const lastSeqs = new Map(runs.map(({ id, lastSeq }) => [id, lastSeq]));
  for (const topic of fresh) {
    change(topic, { head: Math.max(0, (lastSeqs.get(topic.runId) ?? 0) - keep) });
  }
}

/** Few distinct statements, which Prisma plans once each: as many ranges as the next power of two, the last one repeated. */
function padRanges(ranges: readonly EventRange[]): EventRange[] {
  const size = 2 ** Math.ceil(Math.log2(ranges.length));
  return Array.from({ length: size }, (_, at) => ranges[Math.min(at, ranges.length - 1)]!);
}

async function lookAtProgress(store: Store, topics: readonly Topic[]): Promise<void> {
  if (topics.length === 0) return;
  const runIds = topics.map(({ runId }) => runId);
  const rows = await store.database.prisma.runProgress.findMany({ where: { runId: { in: runIds } } });
  const found = new Map(rows.map((row) => [row.runId, row]));
  for (const topic of topics) {
    const progress = found.get(topic.runId);
    if (progress && progress.at.getTime() > (topic.progress?.at.getTime() ?? 0)) change(topic, { progress });
  }
}

function pick(topics: ReadonlyMap<string, Topic>, hints: readonly Hint[], kind = ''): Topic[] {
  const runIds = new Set(
    hints.filter((hint) => hint.startsWith(kind)).map((hint) => hint.slice(hint.indexOf(':') + 1)),
  );
  return [...runIds].flatMap((runId) => topics.get(runId) ?? []);
}

function change(topic: Topic, changed: Partial<RunTopic>): void {
  Object.assign(topic, changed);
  for (const wake of topic.wakes) wake();
}
