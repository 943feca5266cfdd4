/** A chart of lines and points as an SVG for a PDF: axes with ticks, a legend below, names escaped. Pure. */
import { escapeXml, niceTicks, REPORT_SERIES_COLORS } from './chart-marks.ts';

export type XySeries = {
  name: string;
  points: readonly { x: number; y: number }[];
  /** 'line' joins the points; 'step' goes along x first; 'marks' draws dots alone; 'both' a line with dots. */
  as: 'line' | 'step' | 'marks' | 'both';
  /** Of REPORT_SERIES_COLORS; its own place in the list when left out. */
  color?: string;
  dashed?: boolean;
};

type XyChart = {
  xLabel: string;
  yLabel: string;
  x: readonly [low: number, high: number];
  y: readonly [low: number, high: number];
  series: readonly XySeries[];
  /** A faint line from corner to corner: chance, or perfect calibration. */
  diagonal?: boolean;
  widthPt?: number;
  heightPt?: number;
};

const LEFT_PT = 40;
const TOP_PT = 8;
const RIGHT_PT = 10;
const AXIS_PT = 30;
const LEGEND_LINE_PT = 12;
/** The average width of Roboto's characters at the legend's size. */
const LEGEND_CHARACTER_PT = 4.2;
const LEGEND_CHARACTERS = 52;

export function drawXyChart(chart: XyChart): string {
  const { widthPt = 250, heightPt = 185, series } = chart;
  const legend = placeLegend(series, widthPt);
  const frame = { left: LEFT_PT, top: TOP_PT, width: widthPt - LEFT_PT - RIGHT_PT, height: heightPt };
  const toX = (value: number) =>
    frame.left + (frame.width * (value - chart.x[0])) / (chart.x[1] - chart.x[0]);
  const toY = (value: number) =>
    frame.top + frame.height * (1 - (value - chart.y[0]) / (chart.y[1] - chart.y[0]));
  const totalHeight = TOP_PT + heightPt + AXIS_PT + legend.height;
  const bottom = frame.top + frame.height;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${widthPt} ${totalHeight}" font-family="Roboto" font-size="7.5">`,
    ...niceTicks(chart.x).map(
      ({ value, text }) =>
        `<line x1="${fix(toX(value))}" x2="${fix(toX(value))}" y1="${frame.top}" y2="${bottom}" stroke="#ece9ef" stroke-width="0.6"/>` +
        `<text x="${fix(toX(value))}" y="${bottom + 10}" text-anchor="middle" fill="#6d6775">${text}</text>`,
    ),
    ...niceTicks(chart.y).map(
      ({ value, text }) =>
        `<line x1="${frame.left}" x2="${frame.left + frame.width}" y1="${fix(toY(value))}" y2="${fix(toY(value))}" stroke="#ece9ef" stroke-width="0.6"/>` +
        `<text x="${frame.left - 4}" y="${fix(toY(value) + 2.6)}" text-anchor="end" fill="#6d6775">${text}</text>`,
    ),
    `<path d="M${frame.left} ${frame.top}V${bottom}H${frame.left + frame.width}" fill="none" stroke="#a9a3b0" stroke-width="0.8"/>`,
    chart.diagonal
      ? `<line x1="${frame.left}" y1="${bottom}" x2="${frame.left + frame.width}" y2="${frame.top}" stroke="#a9a3b0" stroke-width="0.7" stroke-dasharray="3 3"/>`
      : '',
    ...series.map((one, at) => drawSeries({ one, color: colorOf(one, at), toX, toY })),
    `<text x="${frame.left + frame.width / 2}" y="${bottom + 22}" text-anchor="middle" fill="#231f29">${escapeXml(chart.xLabel)}</text>`,
    `<text transform="translate(10 ${frame.top + frame.height / 2}) rotate(-90)" text-anchor="middle" fill="#231f29">${escapeXml(chart.yLabel)}</text>`,
    ...legend.entries.map(({ x, line, text }, at) => {
      const y = bottom + AXIS_PT + 2 + line * LEGEND_LINE_PT;
      const mark = `<circle cx="${x + 3}" cy="${y + 2}" r="2.6" fill="${colorOf(series[at] as XySeries, at)}"/>`;
      return `${mark}<text x="${x + 9}" y="${y + 4.6}" fill="#231f29">${escapeXml(text)}</text>`;
    }),
    '</svg>',
  ].join('');
}

function colorOf({ color }: XySeries, at: number): string {
  return color ?? (REPORT_SERIES_COLORS[at % REPORT_SERIES_COLORS.length] as string);
}

function drawSeries(drawing: {
  one: XySeries;
  color: string;
  toX(value: number): number;
  toY(value: number): number;
}): string {
  const { one, color, toX, toY } = drawing;
  const placed = one.points.map(({ x, y }) => ({ x: fix(toX(x)), y: fix(toY(y)) }));
  const marks =
    one.as === 'marks' || one.as === 'both'
      ? placed.map(({ x, y }) => `<circle cx="${x}" cy="${y}" r="2" fill="${color}" fill-opacity="0.75"/>`)
      : [];
  if (one.as === 'marks' || placed.length < 2) return marks.join('');
  const path = placed
    .map(({ x, y }, at) => (at === 0 ? `M${x} ${y}` : one.as === 'step' ? `H${x}V${y}` : `L${x} ${y}`))
    .join('');
  const dash = one.dashed ? ' stroke-dasharray="4 3"' : '';
  return `<path d="${path}" fill="none" stroke="${color}" stroke-width="1.3" stroke-linejoin="round"${dash}/>${marks.join('')}`;
}

/** As many names in a line as fit; one series needs no legend. */
function placeLegend(series: readonly XySeries[], widthPt: number) {
  if (series.length < 2) return { entries: [], height: 0 };
  let line = 0;
  let x = LEFT_PT;
  const entries = series.map(({ name }) => {
    const text = name.length > LEGEND_CHARACTERS ? `${name.slice(0, LEGEND_CHARACTERS - 1)}…` : name;
    const width = 16 + text.length * LEGEND_CHARACTER_PT;
    if (x > LEFT_PT && x + width > widthPt) {
      line += 1;
      x = LEFT_PT;
    }
    const entry = { x, line, text };
    x += width;
    return entry;
  });
  return { entries, height: (line + 1) * LEGEND_LINE_PT + 2 };
}

function fix(value: number): number {
  return Math.round(value * 100) / 100;
}
