/** A report as one file: all in it, nothing that runs or is loaded, whatever its text and its runs are called. */
import { describe, expect, it } from 'vitest';
import { insertBlock } from '../../../apps/web/app/reports/[id]/editor/insert-block.ts';
import { writeReport } from '../../../apps/web/app/reports/[id]/export/write-report.ts';
import { plotReportChart } from '../../../apps/web/app/reports/[id]/panels/plot-chart.ts';
import { showCell } from '../../../apps/web/app/reports/[id]/panels/show-cell.ts';
import type { ReportPartsFragment } from '../../../apps/web/graphql/generated/graphql.ts';
import { CATALOGUE } from '../metric-catalogue.ts';

const EVIL = '<script>alert(1)</script>" onload="x';
const COLUMN = { isNumber: true, isMeasured: false, isDuration: false, isTime: false };
const part = (given: Partial<ReportPartsFragment>): ReportPartsFragment => ({
  line: 1,
  text: null,
  panelKind: null,
  title: null,
  problem: null,
  issue: null,
  chart: null,
  table: null,
  comparison: null,
  ...given,
});
const chart = {
  isLog: false,
  runCount: 9,
  series: [
    {
      runId: 'a',
      run: 'deep',
      name: 'validation.auc',
      pointCount: 2,
      epochs: [1, 2],
      steps: [5, 9],
      values: [0.5, null],
    },
    {
      runId: 'b',
      run: 'deep',
      name: 'validation.auc',
      pointCount: 1,
      epochs: [0],
      steps: [7],
      values: [0.6],
    },
  ],
};

function write(blocks: ReportPartsFragment[], frozen: { by: string; at: string } | null = null): string {
  const report = { name: EVIL, author: EVIL, frozen, version: 3, project: { id: 'p', name: EVIL } };
  const charts = new Map([[blocks[0]!, [{ title: EVIL, svg: '<svg width="1"></svg>' }]]]);
  return writeReport({
    report,
    blocks,
    charts,
    catalogue: CATALOGUE,
    now: new Date('2026-11-29T10:00:00Z'),
  });
}

describe('a report as a file', () => {
  it('holds all of it and no script, whatever is in it', () => {
    const html = write([
      part({ line: 1, chart }),
      part({
        line: 2,
        text: `# ${EVIL}\n\n[x](javascript:alert) [runs](/runs) ![p](https://p.example/a.png)\n\n|a|\n|-|\n|b|`,
      }),
      part({
        line: 3,
        title: EVIL,
        table: {
          runCount: 30,
          columns: [{ ...COLUMN, text: 'lr' }],
          rows: [{ runId: 'a', run: EVIL, cells: [-0.001] }],
        },
      }),
      part({
        line: 4,
        comparison: {
          ...{ runCount: 2, verdict: EVIL, warnings: [EVIL] },
          pairs: [{ a: EVIL, b: 'b', patients: 1, patches: 2, caution: null, refused: EVIL, metrics: [] }],
        },
      }),
      part({ line: 5, issue: { line: 5, column: 2, sentence: EVIL } }),
      part({ line: 6, problem: EVIL }),
    ]);
    expect(html).not.toMatch(/<script|<img|<link|<iframe| src=|url\(|javascript:|@import/i);
    expect(html).not.toMatch(/<[^>]*onload="/);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(html).toContain('<svg role="img"');
    expect(html).toContain('The first 1 of 30 runs that match.');
    expect(html).toContain('−0.001');
    expect(html).toContain('line 5, column 2');
    // A page of the dashboard is not where the file is; a picture elsewhere is a link.
    expect(html).not.toContain('href="/');
    expect(html).toContain('As it was live');
  });

  it('says when it was frozen and by whom', () => {
    const html = write([part({ text: 'x' })], { by: 'Ada', at: '2026-11-01T08:00:00Z' });
    expect(html).toContain('Frozen by Ada');
    expect(html).toContain('<time datetime="2026-11-01T08:00:00Z">');
    expect(html).not.toContain('2026-11-29');
  });
});

describe('a chart of a report', () => {
  it('tells runs of one name apart, and leaves a gap for what is no number', () => {
    const [figure, ...more] = plotReportChart(chart, CATALOGUE);
    expect(more).toEqual([]);
    expect(figure).toMatchObject({ title: 'ROC AUC on VALIDATION', axis: { name: 'epoch' } });
    expect(new Set(figure!.curves.map(({ name }) => name)).size).toBe(2);
    expect(figure!.curves[0]!.points).toEqual([
      { epoch: 1, value: 0.5 },
      { epoch: 2, value: Number.NaN },
    ]);
    const [bySteps] = plotReportChart({ ...chart, series: [chart.series[1]!] }, CATALOGUE);
    expect(bySteps).toMatchObject({ axis: { name: 'step', max: 7 }, curves: [{ points: [{ epoch: 7 }] }] });
  });
});

it('shows values by what they are', () => {
  const cell = (value: unknown, more: Partial<typeof COLUMN> = {}) =>
    showCell({ ...COLUMN, text: 'x', ...more }, value);
  expect(cell(0.0001)).toBe('0.0001');
  expect(cell(0.81249, { isMeasured: true })).toBe('0.812');
  expect(cell(125, { isDuration: true })).toBe('2 min 05 s');
  expect([cell(null), cell(''), cell(true), cell('deep')]).toEqual(['–', '–', 'yes', 'deep']);
});

it('inserts a block on lines of its own', () => {
  expect(insertBlock('', 0, 'B')).toEqual({ text: 'B\n\n', at: 2 });
  expect(insertBlock('one\ntwo\nthree', 5, 'B').text).toBe('one\ntwo\n\nB\n\nthree');
  expect(insertBlock('one\n\ntwo', 4, 'B').text).toBe('one\n\nB\n\ntwo');
  expect(insertBlock('one', 3, 'B').text).toBe('one\n\nB\n\n');
});
