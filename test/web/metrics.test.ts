/** What the pages make of metrics: titles, rows, panels of curves and units, all from the catalogue. */
import { isSmallerBetter } from '@microtome/domain/metrics/metric';
import { EPOCH_METRICS } from '@microtome/domain/run/epoch-metrics';
import { describe, expect, it } from 'vitest';
import { arrangeCurvePanels, formatCurveValue } from '../../apps/web/charts/curves/curve-panels.ts';
import { listReliabilityPoints, locateOperatingPoint } from '../../apps/web/evaluation/figure-points.ts';
import { findMetric, listMetrics, pickValidationFigure } from '../../apps/web/evaluation/list-metrics.ts';
import { isLessBetter } from '../../apps/web/metrics/metric-catalogue.ts';
import { CATALOGUE } from './metric-catalogue.ts';

const NAMING = { catalogue: CATALOGUE, positiveClass: 'IDC', units: 'slides' };

describe('metrics', () => {
  const evaluation = {
    subset: 'VALIDATION',
    metrics: { auc: 0.9, f1: null, odd: 3 },
    intervals: { auc: [0.85, 0.94] },
  };

  it('name the positive class and carry their interval', () => {
    expect(listMetrics(evaluation, NAMING)).toMatchObject([
      { label: 'ROC AUC of IDC', value: 0.9, interval: [0.85, 0.94] },
      { label: 'F1 of IDC', value: null, interval: null },
    ]);
  });

  it('of a subset that is sealed are not found', () => {
    expect(findMetric([evaluation], { subset: 'TEST', name: 'auc' })).toBeNull();
  });

  it('in a list are those of the kept weights, or of the newest epoch until there are any', () => {
    const wanted = { name: 'auc', latest: 0.88 };
    expect(pickValidationFigure({ evaluations: [evaluation] }, wanted)).toBe(0.9);
    expect(pickValidationFigure({ evaluations: [] }, wanted)).toBe(0.88);
  });

  it('that are no numbers are undefined rather than shown', () => {
    expect(
      findMetric([{ subset: 'TEST', metrics: 'broken' }], { subset: 'TEST', name: 'auc' })?.value,
    ).toBeNull();
  });

  it('of one kind share a panel, known ones first', () => {
    const curve = (name: string) => ({ name, points: [] });
    const panels = arrangeCurvePanels(
      ['zeta', 'validation.auc', 'validation.loss', 'train.loss'].map(curve),
      NAMING,
    );
    expect(panels.map(({ title }) => title)).toEqual(['Loss', 'ROC AUC of IDC', 'zeta']);
  });

  it('that an epoch has are all called by a name, and know which end is the good one', () => {
    for (const metric of EPOCH_METRICS) {
      const [panel] = arrangeCurvePanels([{ name: `validation.${metric}`, points: [] }], NAMING);
      expect(panel?.title, metric).not.toBe(metric);
      expect(isLessBetter(CATALOGUE, metric), metric).toBe(isSmallerBetter(metric));
    }
    const titles = arrangeCurvePanels(
      EPOCH_METRICS.map((metric) => ({ name: `validation.${metric}`, points: [] })),
      NAMING,
    ).map(({ title }) => title);
    expect(new Set(titles).size).toBe(EPOCH_METRICS.length);
  });

  it('put the threshold on the ROC curve only when both classes are there', () => {
    expect(locateOperatingPoint({ tp: 8, fn: 2, fp: 1, tn: 9 })).toEqual({ x: 0.1, y: 0.8 });
    expect(locateOperatingPoint({ tp: 0, fn: 0, fp: 1, tn: 9 })).toBeNull();
  });

  it('leave empty bins out of the reliability diagram', () => {
    const bins = [
      { count: 0, meanProbability: null, positiveShare: null },
      { count: 5, meanProbability: 0.3, positiveShare: 0.2 },
    ];
    expect(listReliabilityPoints(bins)).toEqual([{ count: 5, meanProbability: 0.3, positiveShare: 0.2 }]);
  });
});

it('what an epoch cost the machine stands apart and is written with its unit', () => {
  const cost = ['patchesPerSecond', 'seconds', 'stepSeconds', 'dataSeconds', 'evaluationSeconds'];
  const state = ['residentMemoryBytes', 'gpuMemoryBytes', 'gpuUse', 'tensorsAlive'];
  const names = [...cost, ...state];
  const panelOf = (name: string) => arrangeCurvePanels([{ name, points: [] }], NAMING)[0]!;
  expect(names.map((name) => panelOf(name).kind)).toEqual(names.map(() => 'machine'));
  expect(['loss', 'auc', 'learningRate', 'zeta'].map((name) => panelOf(name).kind)).not.toContain('machine');
  expect(['ioSeconds', 'cacheBytes', 'rowsPerSecond'].map((name) => panelOf(name).kind)).toEqual([
    'machine',
    'machine',
    'machine',
  ]);
  expect(panelOf('patchesPerSecond').title).toBe('Training speed (patches/s)');
  expect(formatCurveValue(panelOf('residentMemoryBytes'), 2 ** 29)).toBe('512 MiB');
  expect(formatCurveValue(panelOf('cacheBytes'), 2 ** 29)).toBe('512 MiB');
  expect(formatCurveValue(panelOf('gpuUse'), 0.875)).toBe('87.5\u00A0%');
  expect(formatCurveValue(panelOf('tensorsAlive'), 1234)).toBe('1,234');
});
