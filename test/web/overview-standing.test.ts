import { describe, expect, it } from 'vitest';
import { describeQueue } from '../../apps/web/app/overview/describe-queue.ts';
import { listActs } from '../../apps/web/app/overview/list-acts.ts';
import { findPromotion } from '../../apps/web/model/find-promotion.ts';

describe('the queue in words', () => {
  it.each([
    [{ runCount: 0, secondsLeft: null, unknownRunCount: 0 }, 0, undefined],
    [undefined, 2, '2 running or queued'],
    [{ runCount: 2, secondsLeft: null, unknownRunCount: 2 }, 2, '2 running or queued'],
    [{ runCount: 2, secondsLeft: 0, unknownRunCount: 2 }, 2, '2 running or queued'],
    [{ runCount: 1, secondsLeft: 0, unknownRunCount: 0 }, 1, '1 running or queued; the last is about to end'],
    [
      { runCount: 2, secondsLeft: 75, unknownRunCount: 0 },
      2,
      '2 running or queued; the last ends in about 1 min 15 s',
    ],
    [
      { runCount: 3, secondsLeft: 20, unknownRunCount: 1 },
      3,
      '3 running or queued; the last ends in about 20 s, without 1 run of unknown length',
    ],
  ])('%j', (queue, count, sentence) => expect(describeQueue(queue, count)).toBe(sentence));
});

describe('how a champion became one', () => {
  it('is told by the act that moved the alias', () => {
    const aliases = [
      { name: 'challenger', promotion: 1 },
      { name: 'champion', promotion: 2 },
    ];
    expect(findPromotion(aliases)).toBe(2);
    expect(findPromotion(aliases.slice(0, 1))).toBeNull();
  });
});

describe('what people did', () => {
  const day = (at: number) => `2026-01-0${at}T00:00:00Z`;
  const version = { id: 'v', number: 2 };
  const move = { promotedBy: 'Ada', act: 'PROMOTE', allowed: true, overridden: false, version } as const;
  const acts = listActs({
    splits: {
      edges: [
        {
          node: {
            id: 's',
            name: 'by patient',
            testOpenings: [
              { id: 'o', openedAt: day(2), openedBy: 'Ben', reason: 'finalist', runName: 'deep', run: null },
            ],
            testBudgets: [{ id: 'b', setAt: day(1), setBy: 'Ada', openings: 4, reason: 'two and two' }],
          },
        },
      ],
    },
    models: {
      edges: [
        {
          node: {
            id: 'm',
            name: 'reader',
            promotions: [
              { ...move, id: 'p1', createdAt: day(3), allowed: false, reason: 'too early' },
              { ...move, id: 'p2', createdAt: day(4), overridden: true, reason: 'we must' },
            ],
            comments: [{ id: 'c', createdAt: day(5), author: 'Cleo', text: 'In use.' }],
          },
        },
      ],
    },
    experiments: { edges: [] },
  });

  it('is told newest first, with what was refused and what went against the gate', () => {
    expect(acts.map(({ who, did, about }) => `${who} ${did} ${about.label}`)).toEqual([
      'Cleo commented on reader',
      'Ada promoted, against the gate, reader v2',
      'Ada was refused to promote reader v2',
      'Ben opened TEST for deep',
      'Ada set the budget of TEST to 4 on by patient',
    ]);
  });

  it('leads to what it was done to, while that is there', () => {
    expect(acts.map(({ about }) => about.href)).toEqual([
      '/models/m',
      '/models/m',
      '/models/m',
      null,
      '/splits/s',
    ]);
  });
});
