/** What the pages say about metrics, differences, rules and patients is decided by the figures alone. */

import { describe, expect, it } from 'vitest';
import {
  groupPairedMetrics,
  listShownMetrics,
  measureReach,
} from '../../apps/web/app/compare/pair/paired-metrics.ts';
import { tabulateMetrics } from '../../apps/web/app/compare/tabulate-metrics.ts';
import { listAttention } from '../../apps/web/app/list-attention.ts';
import { listSteps } from '../../apps/web/app/list-steps.ts';
import { arrangeRules, describeFigure } from '../../apps/web/app/models/[id]/arrange-rules.ts';
import { arrangePatientStrip } from '../../apps/web/app/splits/[id]/arrange-patient-strip.ts';
import { placeHeatmap } from '../../apps/web/tissue/place-heatmap.ts';
import { CATALOGUE } from './metric-catalogue.ts';

describe('a paired difference', () => {
  it('is drawn on a scale that every interval of its table fits into', () => {
    expect(
      measureReach([
        { low: -0.3, high: 0.1 },
        { low: 0, high: 0.2 },
      ]),
    ).toBe(0.3);
    expect(measureReach([])).toBeGreaterThan(0);
  });

  it('shows five main figures first, then the others, and means over units apart', () => {
    const names = ['kappa', 'auc', 'brier', 'accuracy', 'macro.accuracy', 'f1', 'prAuc'];
    const { shown, folded, overPatients } = groupPairedMetrics(
      names.map((name) => ({ name })),
      CATALOGUE,
    );
    expect(listShownMetrics(CATALOGUE)).toHaveLength(5);
    expect(listShownMetrics(CATALOGUE)).toContain('auc');
    expect([...shown, ...folded, ...overPatients].map(({ name }) => name).toSorted()).toEqual(
      names.toSorted(),
    );
    expect(shown.map(({ name }) => name)).toEqual(
      names.filter((name) => listShownMetrics(CATALOGUE).includes(name)),
    );
    expect(overPatients).toEqual([{ name: 'macro.accuracy' }]);
  });
});

describe('a comparison', () => {
  it('marks the best value of each metric, and none where they look the same', () => {
    const evaluate = (auc: number, brier: number) => [{ subset: 'TEST', metrics: { auc, brier, f1: 0.7 } }];
    const runs = [
      { evaluations: evaluate(0.885, 0.117) },
      { evaluations: evaluate(0.908, 0.104) },
      { evaluations: [] },
    ];
    const rows = tabulateMetrics({ runs, subset: 'TEST', catalogue: CATALOGUE, positiveClass: 'IDC' });
    const best = Object.fromEntries(rows.map(({ name, cells }) => [name, cells.map((cell) => cell.best)]));
    expect(best).toEqual({
      auc: [false, true, false],
      brier: [false, true, false],
      f1: [false, false, false],
    });
    expect(rows.filter(({ lessIsBetter }) => lessIsBetter).map(({ name }) => name)).toEqual(['brier']);
  });

  it('has one scale a metric, which the intervals of all runs fit into', () => {
    const evaluate = (low: number, high: number) => [
      { subset: 'TEST', metrics: { auc: (low + high) / 2, f1: 0.7 }, intervals: { auc: [low, high] } },
    ];
    const runs = [
      { evaluations: evaluate(0.8, 0.9) },
      { evaluations: evaluate(0.7, 0.85) },
      { evaluations: [] },
    ];
    const rows = tabulateMetrics({ runs, subset: 'TEST', catalogue: CATALOGUE, positiveClass: 'IDC' });
    expect(Object.fromEntries(rows.map(({ name, scale }) => [name, scale]))).toEqual({
      auc: { from: 0.7, to: 0.9 },
      f1: null,
    });
  });
});

describe('the gate', () => {
  const rule = (name: string, kind: string, passed: boolean) => ({ rule: name, kind, passed, sentence: '' });

  it('shows what refuses first, safety before quality, and warnings never as refusals', () => {
    const rules = [
      rule('fine', 'safety', true),
      rule('warned', 'warning', false),
      rule('weak', 'quality', false),
      rule('unsafe', 'safety', false),
    ];
    expect(arrangeRules(rules).map(({ rule: name, outcome }) => [name, outcome])).toEqual([
      ['unsafe', 'refused'],
      ['weak', 'refused'],
      ['warned', 'warned'],
      ['fine', 'passed'],
    ]);
  });

  it('writes a figure that is one value; several are left to the sentence', () => {
    const figures = [0.8214, 2, true, 'PATIENT', [0.004, 0.041], { auc: 0.9 }, null];
    expect(figures.map(describeFigure)).toEqual(['0.821', '2', 'yes', 'PATIENT', null, null, null]);
  });
});

describe('a slide', () => {
  it('has its heatmap reach past the edge exactly as far as its last patch place does', () => {
    expect(placeHeatmap({ widthPx: 1000, heightPx: 500, cellPx: 50 })).toEqual({
      widthShare: 1,
      heightShare: 1,
    });
    expect(placeHeatmap({ widthPx: 980, heightPx: 510, cellPx: 50 })).toEqual({
      widthShare: 1000 / 980,
      heightShare: 550 / 510,
    });
  });
});

describe('the strip of patients', () => {
  it('goes from TRAIN to TEST and within each from most to least positive', () => {
    const patient = (key: string, subset: 'TRAIN' | 'VALIDATION' | 'TEST', positiveShare: number) => ({
      id: key,
      key,
      subset,
      positiveShare,
      patchCount: 10,
      positiveCount: 10 * positiveShare,
    });
    const strip = arrangePatientStrip([
      patient('c', 'TEST', 0.9),
      patient('b', 'TRAIN', 0.1),
      patient('a', 'TRAIN', 0.5),
      patient('d', 'VALIDATION', 0.3),
    ]);
    expect(strip.map(({ key }) => key)).toEqual(['a', 'b', 'd', 'c']);
  });
});

describe('the overview', () => {
  const nowMs = Date.parse('2026-01-05T00:00:00Z');
  const alive = { id: 'w', status: 'IDLE', heartbeatAt: '2026-01-05T00:00:00Z' };

  const stuck = {
    backend: 'webgpu',
    runCount: 2,
    firstRun: { id: 'r', name: 'deep' },
    wait: { sentence: 'It asks for webgpu (Vulkan), which no running worker has.' },
  };

  it('calls for attention when runs wait for what no worker has, and says what is missing', () => {
    const list = (runs: (typeof stuck)[]) =>
      listAttention({ failed: [], recent: [], stuck: runs, workers: [alive], nowMs });
    expect(list([stuck])).toMatchObject([
      { text: `2 runs wait. ${stuck.wait.sentence}`, href: '/runs?status=QUEUED' },
    ]);
    expect(list([{ ...stuck, runCount: 1 }])).toMatchObject([
      { text: `deep waits. ${stuck.wait.sentence}`, href: '/runs/r' },
    ]);
    expect(list([])).toEqual([]);
  });

  it('says that a worker went silent while others are there', () => {
    const silent = { ...alive, heartbeatAt: '2026-01-04T23:00:00Z' };
    const list = (workers: (typeof alive)[]) =>
      listAttention({ failed: [], recent: [], stuck: [], workers, nowMs }).map(({ text }) => text);
    expect(list([alive, silent])).toEqual(['A worker has gone silent.']);
    expect(list([silent])).toEqual([]);
  });

  it('names runs of the last days that did not learn', () => {
    const flat = { id: 'r', name: 'deep', learning: { state: 'NOT_LEARNED', title: 'Did not learn' } };
    const list = (finishedAt: string, learning = flat.learning) =>
      listAttention({
        failed: [],
        recent: [{ ...flat, finishedAt, learning }],
        stuck: [],
        workers: [alive],
        nowMs,
      });
    expect(list('2026-01-04T12:00:00Z')).toMatchObject([{ text: 'deep: Did not learn.', href: '/runs/r' }]);
    expect(list('2025-12-20T12:00:00Z')).toEqual([]);
    expect(list('2026-01-04T12:00:00Z', { state: 'LEARNED', title: '' })).toEqual([]);
  });

  it('forgets failures that are days old', () => {
    const failed = (finishedAt: string) => [{ id: 'r', name: 'deep', error: 'broke', finishedAt }];
    const list = (finishedAt: string) =>
      listAttention({ failed: failed(finishedAt), recent: [], stuck: [], workers: [alive], nowMs });
    expect(list('2026-01-04T12:00:00Z')).toHaveLength(1);
    expect(list('2025-12-20T12:00:00Z')).toHaveLength(0);
  });

  it('counts a dataset with unsafe splits alone as not split yet', () => {
    const steps = listSteps({ datasets: 1, safeSplits: 0, runs: 0, champions: 0 });
    expect(steps.map(({ done }) => done)).toEqual([true, false, false, false]);
  });
});
