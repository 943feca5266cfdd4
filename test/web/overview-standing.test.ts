import { describe, expect, it } from 'vitest';
import { describeQueue } from '../../apps/web/app/overview/describe-queue.ts';
import { findPromotion } from '../../apps/web/model/find-promotion.ts';

describe('the queue in words', () => {
  it.each([
    [{ runCount: 0, secondsLeft: null, unknownRunCount: 0 }, 0, undefined],
    [undefined, 2, '2 running or queued'],
    [{ runCount: 2, secondsLeft: null, unknownRunCount: 2 }, 2, '2 running or queued'],
    [{ runCount: 2, secondsLeft: 0, unknownRunCount: 2 }, 2, '2 running or queued'],
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
