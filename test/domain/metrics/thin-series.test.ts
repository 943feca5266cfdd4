/** A thinned series: the ends and every extreme of it stay, in order, and never more than asked for. */
import { thinSeries } from '@microtome/domain/metrics/thin-series';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const series = fc
  .array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { maxLength: 400 })
  .map((values) => values.map((value, epoch) => ({ epoch, value })));

describe('thinSeries', () => {
  it('keeps at most as many as asked, in order, with both ends, the lowest and the highest', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 4, max: 60 }), (points, most) => {
        const thinned = thinSeries(points, most);
        expect(thinned.length).toBeLessThanOrEqual(most);
        expect(thinned.map(({ epoch }) => epoch)).toEqual(
          thinned.map(({ epoch }) => epoch).toSorted((a, b) => a - b),
        );
        expect(thinned.every((point) => points.includes(point))).toBe(true);
        if (points.length === 0) return;
        expect([thinned[0], thinned.at(-1)]).toEqual([points[0], points.at(-1)]);
        const values = (of: typeof points) => of.map(({ value }) => value);
        expect(Math.max(...values(thinned))).toBe(Math.max(...values(points)));
        expect(Math.min(...values(thinned))).toBe(Math.min(...values(points)));
      }),
    );
  });

  it('is the whole series where that is short enough', () => {
    const points = [3, 1, 2].map((value) => ({ value }));
    expect(thinSeries(points, 3)).toEqual(points);
    expect(thinSeries(points, 2)).toEqual([points[0], points[2]]);
    expect(thinSeries(points, 0)).toEqual([]);
  });
});
