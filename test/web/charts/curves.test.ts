/** What the tools of a chart do to curves: smoothing, cutting, averaging, legends, keys and files, by the numbers alone. */
import { describe, expect, it } from 'vitest';
import { LIGHT_PALETTE } from '../../../apps/web/charts/chart-palette.ts';
import { buildCurveOption } from '../../../apps/web/charts/curves/curve-option.ts';
import { writeCurveTable } from '../../../apps/web/charts/curves/curve-table.ts';
import { averageCurves } from '../../../apps/web/charts/curves/group-curves.ts';
import { isolateCurve, toggleCurve } from '../../../apps/web/charts/curves/hidden-curves.ts';
import { moveByKey, zoomByKey } from '../../../apps/web/charts/curves/plot-keys.ts';
import {
  cutToRange,
  findNearest,
  type PlottedCurve,
  roundRange,
} from '../../../apps/web/charts/curves/plotted-curve.ts';
import { smoothValues } from '../../../apps/web/charts/curves/smooth-curve.ts';

const curve = (name: string, values: readonly number[]): PlottedCurve => ({
  name,
  tone: 'VALIDATION',
  points: values.map((value, at) => ({ epoch: at + 1, value })),
});

describe('smoothing', () => {
  it('begins at the first value, leaves a level curve level, and keeps a gap', () => {
    expect(smoothValues([4, 4, 4], 0.9)).toEqual([4, 4, 4].map((value) => expect.closeTo(value, 12)));
    // (0.5 · 0.5 · 1 + 0.5 · 3) / 0.75
    expect(smoothValues([1, 3], 0.5)).toEqual([1, expect.closeTo(7 / 3, 12)]);
    expect(smoothValues([1, Number.NaN, 3], 0.5)).toEqual([1, Number.NaN, expect.closeTo(7 / 3, 12)]);
    expect(smoothValues([1, 9], 0)).toEqual([1, 9]);
  });
});

describe('a part of the axis', () => {
  it('keeps one point on either side, and whole places', () => {
    const places = [1, 2, 3, 4, 5, 6];
    const same = (place: number) => place;
    expect(cutToRange(places, { from: 3, to: 4 }, same)).toEqual([2, 3, 4, 5]);
    expect(cutToRange(places, null, same)).toEqual(places);
    expect(cutToRange(places, { from: 8, to: 9 }, same)).toEqual([6]);
    expect(roundRange(7.8, 3.2)).toEqual({ from: 3, to: 8 });
    expect(roundRange(2, 2)).toBeNull();
    expect(findNearest(places, 4.4)).toBe(4);
    expect(findNearest([], 4)).toBeNull();
  });

  it('is chosen by keys around the cursor', () => {
    const whole = { from: 1, to: 101 };
    expect(zoomByKey('+', { range: null, whole, at: 51 })).toEqual({ from: 26, to: 76 });
    expect(zoomByKey('-', { range: { from: 26, to: 76 }, whole, at: 51 })).toBeNull();
    expect(zoomByKey('Escape', { range: { from: 26, to: 76 }, whole, at: null })).toBeNull();
    expect(zoomByKey('Escape', { range: null, whole, at: null })).toBeUndefined();
    expect(moveByKey('ArrowRight', [1, 2, 3], 2)).toBe(3);
    expect(moveByKey('ArrowRight', [1, 2, 3], 3)).toBe(3);
    expect(moveByKey('ArrowLeft', [1, 2, 3], null)).toBe(3);
    expect(moveByKey('Home', [], null)).toBeNull();
    expect(moveByKey('a', [1], 1)).toBeUndefined();
  });
});

describe('a legend', () => {
  it('hides one, shows only one, and then all again', () => {
    const names = ['a', 'b', 'c'];
    expect([...toggleCurve(new Set(['a']), 'b')]).toEqual(['a', 'b']);
    expect([...toggleCurve(new Set(['a']), 'a')]).toEqual([]);
    const alone = isolateCurve(new Set(), { names, name: 'b' });
    expect([...alone]).toEqual(['a', 'c']);
    expect([...isolateCurve(alone, { names, name: 'b' })]).toEqual([]);
  });
});

describe('runs of one setting', () => {
  it('are drawn as their mean with one standard deviation, read between places but never beyond', () => {
    const { points, band } = averageCurves([
      [
        { epoch: 1, value: 1 },
        { epoch: 3, value: 3 },
      ],
      [
        { epoch: 1, value: 3 },
        { epoch: 2, value: 4 },
      ],
    ]);
    expect(points.map(({ epoch, value }) => [epoch, value])).toEqual([
      [1, 2],
      [2, 3],
      [3, 3],
    ]);
    expect(band).toEqual([
      { x: 1, low: expect.closeTo(2 - Math.SQRT2, 12), high: expect.closeTo(2 + Math.SQRT2, 12) },
      { x: 2, low: expect.closeTo(3 - Math.SQRT2, 12), high: expect.closeTo(3 + Math.SQRT2, 12) },
    ]);
  });
});

describe('a chart', () => {
  const request = {
    palette: LIGHT_PALETTE,
    curves: [curve('validation', [1, Number.NaN, 0, 4, 5])],
    axis: { name: 'epoch', min: 1, max: 5 },
    range: null,
    smoothing: 0,
    isLog: false,
  };
  const seriesOf = (option: object) =>
    (option as { series: { id: string; data: unknown[]; lineStyle: { opacity?: number } }[] }).series;

  it('leaves a gap for what is no number, and on a logarithmic axis for what is not above 0', () => {
    expect(seriesOf(buildCurveOption(request))[0]?.data).toEqual([
      [1, 1],
      [2, null],
      [3, 0],
      [4, 4],
      [5, 5],
    ]);
    expect(seriesOf(buildCurveOption({ ...request, isLog: true }))[0]?.data[2]).toEqual([3, null]);
  });

  it('keeps what was measured faint behind the smoothed curve', () => {
    const [smoothed, raw] = seriesOf(buildCurveOption({ ...request, smoothing: 0.5 }));
    expect(raw?.data[3]).toEqual([4, 4]);
    expect(raw?.lineStyle.opacity).toBeLessThan(0.5);
    expect(smoothed?.data[3]).not.toEqual([4, 4]);
  });
});

describe('a table of curves', () => {
  it('has a row a place, quotes names, and lets no name become a formula', () => {
    const curves = [
      curve('a, "b"', [1, Number.NaN]),
      { ...curve('=c', [7]), band: [{ x: 2, low: 1, high: 3 }] },
    ];
    expect(writeCurveTable(curves, { axisName: 'epoch', smoothing: 0 }).split('\r\n')).toEqual([
      `epoch,"a, ""b""",'=c,"'=c, low","'=c, high"`,
      '1,1,7,,',
      '2,NaN,,1,3',
      '',
    ]);
    const smoothed = writeCurveTable([curve('a', [1, 3])], { axisName: 'epoch', smoothing: 0.5 });
    expect(smoothed.split('\r\n')[0]).toBe('epoch,a,"a, smoothed by 0.5"');
  });
});
