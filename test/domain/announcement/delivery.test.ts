/** How long a message waits for its next attempt. */
import { readRetryAfterMs, waitBeforeRetryMs } from '@microtome/domain/announcement/delivery';
import { describe, expect, it } from 'vitest';

describe('the wait before the next attempt', () => {
  it('grows over ten attempts, each a little different', () => {
    const waits = (share: number) =>
      Array.from({ length: 9 }, (_, at) => waitBeforeRetryMs({ attempts: at + 1, share, askedMs: null }));
    expect(waits(0)).toEqual([...waits(0)].sort((a, b) => a - b));
    expect(waits(1)).toEqual(waits(0).map((ms) => ms * 1.25));
    expect(waits(0)[0]).toBe(5_000);
  });

  it('is never shorter than what the receiver asks for, up to a day', () => {
    const wait = (askedMs: number) => waitBeforeRetryMs({ attempts: 1, share: 0, askedMs });
    expect(wait(1)).toBe(5_000);
    expect(wait(600_000)).toBe(600_000);
    expect(wait(1e12)).toBe(24 * 3_600_000);
  });
});

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
    ['Sun, 06 Nov 1994 08:48:00 GMT', 0],
    ['soon', null],
    ['-5', null],
    ['1994', 1_994_000],
    ['1e3', null],
    [undefined, null],
  ])('%j is %j ms', (header, expected) => {
    expect(readRetryAfterMs(header, Date.parse('Sun, 06 Nov 1994 08:49:00 GMT'))).toBe(expected);
  });
});
