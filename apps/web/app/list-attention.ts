/** What needs attention now: failed runs, runs that did not learn, runs that no worker can take, silent workers. Pure. */
import { linkToRuns } from '../address/page-addresses.ts';
import { judgeWorker } from './workers/judge-worker.ts';

export type AttentionItem = {
  key: string;
  tone: 'danger' | 'caution';
  text: string;
  href: string;
  link: string;
};

type AttentionFacts = {
  failed: readonly { id: string; name: string; error?: string | null; finishedAt?: string | null }[];
  recent: readonly {
    id: string;
    name: string;
    finishedAt?: string | null;
    learning?: { state: string; title: string } | null;
  }[];
  stuck: readonly {
    backend: string;
    runCount: number;
    firstRun?: { id: string; name: string } | null;
    wait: { sentence: string };
  }[];
  workers: readonly { id: string; status: string; heartbeatAt: string }[];
  /** Zero until the current time is known. */
  nowMs: number;
};

/** Older failures are not listed. */
const RECENT_MS = 3 * 86_400_000;

export function listAttention({ failed, recent, stuck, workers, nowMs }: AttentionFacts): AttentionItem[] {
  if (nowMs === 0) return [];
  const items: AttentionItem[] = failed
    .filter(({ finishedAt }) => !finishedAt || nowMs - Date.parse(finishedAt) < RECENT_MS)
    .map(({ id, name, error }) => ({
      key: id,
      tone: 'danger',
      text: `${name} failed${error ? `: ${error}` : '.'}`,
      href: `/runs/${id}`,
      link: 'Open run',
    }));
  for (const { id, name, finishedAt, learning } of recent) {
    if (learning?.state !== 'NOT_LEARNED' || !finishedAt || nowMs - Date.parse(finishedAt) >= RECENT_MS)
      continue;
    items.push({
      key: `chance ${id}`,
      tone: 'caution',
      text: `${name}: ${learning.title}.`,
      href: `/runs/${id}`,
      link: 'Open run',
    });
  }
  const verdicts = workers.map(
    ({ status, heartbeatAt }) => judgeWorker({ status, heartbeatAt, nowMs }).label,
  );
  const alive = verdicts.filter((label) => label !== 'silent' && label !== 'stopped').length;
  for (const { backend, runCount, firstRun, wait } of stuck) {
    const isOne = runCount === 1 && firstRun;
    items.push({
      key: `stuck ${backend} ${wait.sentence}`,
      tone: 'caution',
      text: `${isOne ? `${firstRun.name} waits` : `${runCount} runs wait`}. ${wait.sentence}`,
      href: isOne ? `/runs/${firstRun.id}` : linkToRuns({ status: ['QUEUED'] }),
      link: isOne ? 'Open run' : 'Open runs',
    });
  }
  const silent = verdicts.filter((label) => label === 'silent').length;
  if (silent > 0 && alive > 0) {
    const noun = silent === 1 ? 'A worker has' : `${silent} workers have`;
    items.push({
      key: 'silent',
      tone: 'caution',
      text: `${noun} gone silent.`,
      href: '/workers',
      link: 'Workers',
    });
  }
  return items;
}
