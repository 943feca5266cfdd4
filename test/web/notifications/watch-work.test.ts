/** Of my work that comes to its end one is told once, and of nothing that had ended before. */
import { describe, expect, it } from 'vitest';
import { keepChoice, readChoice } from '../../../apps/web/notifications/kept-choice.ts';
import { listChangedRun, listOtherWork } from '../../../apps/web/notifications/list-work.ts';
import { createWorkWatch, type WatchedWork } from '../../../apps/web/notifications/watch-work.ts';

const SINCE = '2026-11-28T12:00:00.000Z';
const BEFORE = '2026-11-28T11:59:59.000Z';
const LATER = '2026-11-28T12:05:00.000Z';
const work = (over: Partial<WatchedWork> = {}): WatchedWork => ({
  ...{ key: 'run 1', name: 'deep, seed 1', status: 'SUCCEEDED', error: null, finishedAt: LATER },
  ...{ creatorId: null, href: '/runs/1' },
  ...over,
});
const watchFor = (accountId: string | null = null) =>
  createWorkWatch({ sinceMs: Date.parse(SINCE), accountId });

describe('of work', () => {
  it('that ends one is told, once', () => {
    const watch = watchFor();
    expect(watch.look([work()])).toEqual([
      { key: 'run 1', title: 'deep, seed 1 is done', body: '', href: '/runs/1' },
    ]);
    expect(watch.look([work()])).toEqual([]);
  });

  it('that failed one is told why, and again when a retry fails', () => {
    const watch = watchFor();
    const failed = work({ status: 'FAILED', error: 'Out of memory.' });
    expect(watch.look([failed])).toMatchObject([{ title: 'deep, seed 1 failed', body: 'Out of memory.' }]);
    expect(watch.look([work({ status: 'RUNNING', finishedAt: null })])).toEqual([]);
    expect(watch.look([{ ...failed, finishedAt: '2026-11-28T12:09:00.000Z' }])).toHaveLength(1);
  });

  it('that had ended before one is not told, unless it was seen to go on: clocks differ', () => {
    const watch = watchFor();
    expect(watch.look([work({ finishedAt: BEFORE })])).toEqual([]);
    watch.look([work({ key: 'run 2', status: 'RUNNING', finishedAt: null })]);
    expect(watch.look([work({ key: 'run 2', finishedAt: BEFORE })])).toHaveLength(1);
  });

  it('that was canceled, or is of others, one is not told', () => {
    const watch = watchFor('me');
    expect(watch.look([work({ creatorId: 'other' }), work({ creatorId: null })])).toEqual([]);
    expect(watch.look([work({ creatorId: 'me', status: 'CANCELED' })])).toEqual([]);
    expect(watch.look([work({ key: 'run 3', creatorId: 'me' })])).toHaveLength(1);
  });
});

it('runs, imports and analyses are all work', () => {
  const ended = { name: 'n', status: 'SUCCEEDED', error: null, finishedAt: LATER, createdBy: { id: 'me' } };
  const answer = {
    datasetImports: [
      { ...ended, id: 'i', dataset: { id: 'd' } },
      { ...ended, id: 'j', dataset: null },
    ],
    slideAnalyses: { edges: [{ node: { ...ended, id: 'a' } }] },
  };
  const works = [
    ...listOtherWork(answer as never),
    ...listChangedRun({ runId: 'r', status: 'SUCCEEDED', run: { ...ended, id: 'r' } } as never),
    ...listChangedRun({ runId: 'gone', status: 'SUCCEEDED', run: null } as never),
  ];
  expect(works.map(({ key, href }) => [key, href])).toEqual([
    ['import i', '/datasets/d'],
    ['import j', '/datasets'],
    ['analysis a', '/viewer?analysis=a'],
    ['run r', '/runs/r'],
  ]);
  expect(watchFor('me').look(works)).toHaveLength(4);
});

it('the choice is kept in the browser, and a browser that keeps nothing is no fault', () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  expect(readChoice(() => storage)).toBe(false);
  keepChoice(true, () => storage);
  expect(readChoice(() => storage)).toBe(true);
  keepChoice(false, () => storage);
  expect(kept.size).toBe(0);
  const broken = (): never => {
    throw new Error('denied');
  };
  expect(readChoice(broken)).toBe(false);
  expect(() => keepChoice(true, broken)).not.toThrow();
});
