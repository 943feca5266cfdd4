/** Estimates with their intervals, one per line, as an SVG for a PDF. Pure. */
import { escapeXml, niceTicks, REPORT_SERIES_COLORS } from './chart-marks.ts';

type IntervalRow = { label: string; value: number; low: number; high: number; color?: string };

type IntervalChart = {
  rows: readonly IntervalRow[];
  xLabel: string;
  /** Where to draw a stronger line, for example at 0 for differences. */
  reference?: number;
  widthPt?: number;
};

const LABEL_PT = 190;
const RIGHT_PT = 14;
const LINE_PT = 14;
const TOP_PT = 4;
const AXIS_PT = 28;
/** Of the range of the intervals, on both sides. */
const MARGIN = 0.06;

export function drawIntervalChart({ rows, xLabel, reference, widthPt = 507 }: IntervalChart): string {
  const ends = rows.flatMap(({ low, high, value }) => [low, high, value]);
  if (reference !== undefined) ends.push(reference);
  const [lowest, highest] = [Math.min(...ends), Math.max(...ends)];
  const margin = (highest - lowest || 1) * MARGIN;
  const range: [number, number] = [lowest - margin, highest + margin];
  const width = widthPt - LABEL_PT - RIGHT_PT;
  const toX = (value: number) => fix(LABEL_PT + (width * (value - range[0])) / (range[1] - range[0]));
  const bottom = TOP_PT + rows.length * LINE_PT + 4;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${widthPt} ${bottom + AXIS_PT}" font-family="Roboto" font-size="8">`,
    ...niceTicks(range).map(
      ({ value, text }) =>
        `<line x1="${toX(value)}" x2="${toX(value)}" y1="${TOP_PT}" y2="${bottom}" stroke="#ece9ef" stroke-width="0.6"/>` +
        `<text x="${toX(value)}" y="${bottom + 10}" text-anchor="middle" fill="#6d6775">${text}</text>`,
    ),
    reference === undefined
      ? ''
      : `<line x1="${toX(reference)}" x2="${toX(reference)}" y1="${TOP_PT}" y2="${bottom}" stroke="#6d6775" stroke-width="0.9"/>`,
    ...rows.map(({ label, value, low, high, color = REPORT_SERIES_COLORS[0] }, at) => {
      const y = TOP_PT + LINE_PT * (at + 0.5);
      return (
        `<text x="${LABEL_PT - 8}" y="${y + 2.8}" text-anchor="end" fill="#231f29">${escapeXml(label)}</text>` +
        `<line x1="${toX(low)}" x2="${toX(high)}" y1="${y}" y2="${y}" stroke="${color}" stroke-width="1.6"/>` +
        `<circle cx="${toX(value)}" cy="${y}" r="2.8" fill="${color}"/>`
      );
    }),
    `<text x="${LABEL_PT + width / 2}" y="${bottom + 22}" text-anchor="middle" fill="#231f29">${escapeXml(xLabel)}</text>`,
    '</svg>',
  ].join('');
}

function fix(value: number): number {
  return Math.round(value * 100) / 100;
}
