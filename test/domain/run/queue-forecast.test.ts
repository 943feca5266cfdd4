import { forecastQueue } from '@microtome/domain/run/queue-forecast';
import { describe, expect, it } from 'vitest';

const run = (id: string, seconds: number | null) => ({ id, seconds });

describe('the forecast of the queue', () => {
  it('gives each run to the worker that is free first, in the order of the queue', () => {
    const forecast = forecastQueue(
      { running: [run('a', 100), run('b', 30)], queued: [run('c', 50), run('d', 10), run('e', 5)] },
      2,
    );
    // b ends at 30, then c until 80, then d until 90; a ends at 100, and e comes after d.
    expect(Object.fromEntries(forecast?.ends ?? [])).toEqual({ a: 100, b: 30, c: 80, d: 90, e: 95 });
    expect(forecast?.unknownIds.size).toBe(0);
  });

  it('uses idle workers at once', () => {
    const forecast = forecastQueue({ running: [run('a', 100)], queued: [run('b', 20), run('c', 20)] }, 3);
    expect(Object.fromEntries(forecast?.ends ?? [])).toEqual({ a: 100, b: 20, c: 20 });
  });

  it('names runs of which nothing is known, and says nothing without a worker', () => {
    const forecast = forecastQueue({ running: [run('a', null)], queued: [run('b', 20), run('c', null)] }, 1);
    expect(forecast?.unknownIds).toEqual(new Set(['a', 'c']));
    expect(forecast?.ends.get('b')).toBe(20);
    expect(forecastQueue({ running: [], queued: [run('a', 1)] }, 0)).toBeNull();
    expect(forecastQueue({ running: [], queued: [] }, 0)?.ends.size).toBe(0);
  });
});
