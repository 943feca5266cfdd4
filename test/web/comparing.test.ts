/** What the comparison page makes of the API's answers: its address, its curves, its readings. */
import { createLoader, createSerializer } from 'nuqs/server';
import { describe, expect, it } from 'vitest';
import { COMPARISON_PARAMETERS } from '../../apps/web/address/page-addresses.ts';
import {
  readComparison,
  writeComparison,
  writeReportPath,
} from '../../apps/web/app/compare/comparison-request.ts';
import { groupBySite } from '../../apps/web/app/compare/group-by-site.ts';
import { groupRefusals } from '../../apps/web/app/compare/group-refusals.ts';
import { listTests } from '../../apps/web/app/compare/pair/list-tests.ts';
import { alignCurves, measureReach } from '../../apps/web/charts/overlay/align-curves.ts';
import { locatePrecision } from '../../apps/web/evaluation/figure-points.ts';
import { listMacroMetrics } from '../../apps/web/evaluation/list-metrics.ts';
import { CATALOGUE } from './metric-catalogue.ts';
import { SLIDES, UNKNOWN } from './unit-words.ts';

describe('the address of a comparison', () => {
  const read = createLoader(COMPARISON_PARAMETERS);

  it('reads back as it was written, each run once', () => {
    const request = { runIds: ['a', 'b', 'c'], referenceId: 'b', sharedPatientsOnly: true };
    const link = createSerializer(COMPARISON_PARAMETERS)(writeComparison(request));
    expect(link).toBe('?runs=a,b,c&reference=b&shared=1');
    expect(readComparison(read(link))).toEqual(request);
    expect(readComparison(read('?runs=a,,a,b')).runIds).toEqual(['a', 'b']);
    expect(writeReportPath(request, 'pdf')).toBe('/comparison.pdf?runs=a,b,c&reference=b&shared=true');
  });

  it('forgets a reference that is no longer among the runs', () => {
    expect(readComparison(read('?runs=a,b&reference=z')).referenceId).toBeNull();
    const left = writeComparison({ runIds: ['a'], referenceId: 'b', sharedPatientsOnly: false });
    expect(left).toEqual({ runs: ['a'], reference: null, shared: false });
  });
});

describe('curves', () => {
  const curves = [
    { name: 'seconds', points: [point(1, 10, 2.5), point(2, 20, 3), point(3, 30, 2)] },
    { name: 'validation.auc', points: [point(1, 10, 0.8), point(2, 20, 0.9), point(3, 30, 0.85)] },
  ];
  const places = (axis: 'epoch' | 'step' | 'time') => alignCurves(curves, axis)[1]!.points.map(({ x }) => x);

  it('stand at the epoch, at the steps so far, or at the seconds that training had taken', () => {
    expect(places('epoch')).toEqual([1, 2, 3]);
    expect(places('step')).toEqual([10, 20, 30]);
    expect(places('time')).toEqual([2.5, 5.5, 7.5]);
    expect(measureReach(alignCurves(curves, 'time'))).toBe(7.5);
  });

  it('leave out what has no place on the axis', () => {
    const outside = [{ name: 'loss', points: [point(1, 0, 0.3)] }];
    expect(alignCurves(outside, 'step')[0]!.points).toEqual([]);
    expect(alignCurves(outside, 'time')[0]!.points).toEqual([]);
    expect(alignCurves(outside, 'epoch')[0]!.points).toHaveLength(1);
  });
});

describe('sites', () => {
  const site = (name: string) => ({ site: name, patients: 3, patches: 30, metrics: {}, intervals: {} });
  const runs = [{ id: 'a' }, { id: 'b' }];

  it('stand together, run by run, on TEST where one of the runs has it open', () => {
    const sealed = {
      id: 'a',
      evaluations: [{ subset: 'VALIDATION', sites: [site('centre 10'), site('centre 2')] }],
    };
    const other = { ...sealed, id: 'b' };
    const listed = (found: Parameters<typeof groupBySite>[1]) => {
      const { subset, rows } = groupBySite(runs, found);
      return [subset, ...rows.map((row) => `${row.site} ${row.run.id}${row.index}`)];
    };
    expect(listed([sealed, other])).toEqual([
      'VALIDATION',
      'centre 2 a0',
      'centre 2 b1',
      'centre 10 a0',
      'centre 10 b1',
    ]);
    const open = { id: 'b', evaluations: [...other.evaluations, { subset: 'TEST', sites: [site('C')] }] };
    expect(listed([sealed, open])).toEqual(['TEST', 'C b1']);
    expect(listed([])).toEqual(['VALIDATION']);
  });
});

describe('a pair', () => {
  it('has its tests by unit first, and marks those that take patches for independent', () => {
    const auc = { difference: -0.01, low: -0.02, high: -0.001, pValue: 0.02 };
    const tests = {
      auc,
      naiveAuc: { ...auc, widthRatio: 5.13 },
      meanAccuracyDifference: -0.02,
      signFlipP: 0.03,
      signFlipIsExact: true,
      signFlipPatients: 12,
      clusteredMcNemarP: 0.04,
      naiveMcNemarP: 0.0001,
    };
    const rows = listTests(tests, { catalogue: CATALOGUE, unit: SLIDES });
    expect(rows.map(({ isWrong }) => isWrong)).toEqual([false, false, false, true, true]);
    expect(rows[3]!.test).toMatch(/^WRONG here: .* 5.1 times as wide/);
    expect(JSON.stringify(rows)).not.toMatch(/patient/i);
    expect(listTests(tests, { catalogue: CATALOGUE, unit: UNKNOWN }).map(({ isWrong }) => isWrong)).toEqual([
      true,
      true,
    ]);
  });

  it('that was refused says why once, however many share the reason', () => {
    const pair = (a: string, refused: string | null) => ({ a: { name: a }, b: { name: 'z' }, refused });
    const refusals = groupRefusals([pair('a', 'sealed'), pair('b', null), pair('c', 'sealed')]);
    expect(refusals).toEqual([{ reason: 'sealed', names: ['a and z', 'c and z'] }]);
  });
});

describe('an evaluation', () => {
  it('has its means over patients with how many patients have them', () => {
    const metrics = { macro: { auc: 0.9, f1: null }, macroPatients: { auc: 31, f1: 0 } };
    const rows = listMacroMetrics(
      { subset: 'TEST', metrics, intervals: { 'macro.auc': [0.8, 0.95] } },
      { catalogue: CATALOGUE, positiveClass: 'IDC' },
    );
    expect(rows).toMatchObject([
      { name: 'auc', value: 0.9, interval: [0.8, 0.95], patients: 31 },
      { name: 'f1', value: null, interval: null, patients: 0 },
    ]);
  });

  it('has a place on the precision-recall curve unless nothing is called', () => {
    expect(locatePrecision({ tp: 6, fp: 2, tn: 10, fn: 2 })).toEqual({ x: 0.75, y: 0.75 });
    expect(locatePrecision({ tp: 0, fp: 0, tn: 10, fn: 2 })).toBeNull();
  });
});

function point(epoch: number, step: number, value: number) {
  return { epoch, step, value };
}
