/** Reports on paper: the same content gives the same bytes, off the event loop, and names are only text. */
import { afterAll, describe, expect, it } from 'vitest';
import { createBackground } from '../../../apps/api/src/background/background.ts';
import { niceTicks } from '../../../apps/api/src/report/chart-marks.ts';
import { drawIntervalChart } from '../../../apps/api/src/report/draw-interval-chart.ts';
import { drawXyChart } from '../../../apps/api/src/report/draw-xy-chart.ts';
import type { ReportBlock, ReportDocument } from '../../../apps/api/src/report/report-document.ts';

const HOSTILE_NAME = '</text><image href="file:///etc/passwd"/>&\u0007';

const background = createBackground();
afterAll(() => background.close());

describe('a report', () => {
  it('is the same PDF for the same content, and another for another', async () => {
    const first = Buffer.from(await background.renderReport(makeReport()));
    const again = Buffer.from(await background.renderReport(makeReport()));
    const other = Buffer.from(await background.renderReport(makeReport({ title: 'Another' })));
    expect(first.subarray(0, 5).toString()).toBe('%PDF-');
    expect(first.equals(again)).toBe(true);
    expect(first.equals(other)).toBe(false);
    const text = first.toString('latin1');
    expect(text).toContain('(Shallow against deep)');
    expect(text).toContain('D:20261125100000Z');
    expect(text).toMatch(/\/FontName \/\w+\+Roboto/);
  });

  it('goes on over as many pages as its tables need', async () => {
    const rows = Array.from({ length: 120 }, (_, row) => [`row ${row}`, String(row)]);
    const table: ReportBlock = { kind: 'table', columns: [{ header: 'a' }, { header: 'b' }], rows };
    const pdf = Buffer.from(await background.renderReport(makeReport({ blocks: [table] })));
    expect(Number(/\/Count (\d+)/.exec(pdf.toString('latin1'))?.[1])).toBeGreaterThan(2);
  });

  it('draws names as text, whatever they hold', () => {
    const charts = [
      drawXyChart({
        xLabel: HOSTILE_NAME,
        yLabel: 'y',
        x: [0, 1],
        y: [0, 1],
        series: [HOSTILE_NAME, 'b'].map((name) => ({ name, as: 'line', points: [{ x: 0, y: 0 }] })),
      }),
      drawIntervalChart({ rows: [{ label: HOSTILE_NAME, value: 0, low: -1, high: 1 }], xLabel: 'x' }),
    ];
    for (const svg of charts) {
      expect(svg).not.toContain('<image');
      expect(svg).not.toContain('\u0007');
      expect(svg).toContain('&lt;image');
    }
  });

  it('marks axes at round numbers within their range', () => {
    const texts = (low: number, high: number) => niceTicks([low, high]).map(({ text }) => text);
    expect(texts(0, 1)).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']);
    expect(texts(-0.03, 0.05)).toEqual(['−0.02', '0.00', '0.02', '0.04']);
    expect(texts(0, 37)).toEqual(['0', '10', '20', '30']);
    expect(texts(0.9, 1)).toEqual(['0.90', '0.92', '0.94', '0.96', '0.98', '1.00']);
  });
});

function makeReport(changes: Partial<ReportDocument> = {}): ReportDocument {
  return {
    title: 'Shallow against deep',
    kindOfDocument: 'comparison',
    identity: 'sha256 0f1e',
    asOf: new Date('2026-11-25T10:00:00Z'),
    blocks: [
      { kind: 'heading', text: 'Difference' },
      { kind: 'notice', title: 'Keep in mind', items: ['One seed per network.'] },
      { kind: 'facts', rows: [['Name', HOSTILE_NAME]] },
      {
        kind: 'figures',
        figures: [
          {
            svg: drawIntervalChart({
              rows: [{ label: HOSTILE_NAME, value: 0, low: -1, high: 1 }],
              xLabel: 'x',
            }),
            caption: 'Intervals',
          },
        ],
      },
      { kind: 'code', text: 'npm run predict' },
    ],
    ...changes,
  };
}
