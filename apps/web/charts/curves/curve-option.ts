/**
 * The ECharts option of curves: what was measured, smoothed where that is asked for with the measured values kept faint, bands,
 * best places, on a linear or logarithmic axis. A single point is drawn as a dot, so that the first epoch is visible. Pure.
 */
import type { EChartsCoreOption } from 'echarts/core';
import { formatFigure } from '../../format/format-number.ts';
import { buildFrame, buildValueAxis, escapeHtml } from '../chart-frame.ts';
import type { ChartPalette } from '../chart-palette.ts';
import { buildBand } from './curve-band.ts';
import { colorOf, cutToRange, type PlaceRange, type PlottedCurve, placeOf } from './plotted-curve.ts';
import { smoothValues } from './smooth-curve.ts';

export type CurveAxis = {
  name: string;
  min: number;
  max: number;
  /** What of a number its place is, where a finer stretch can be asked for by it. */
  by?: 'epoch' | 'step';
};

export function toRange({ min, max }: CurveAxis): PlaceRange {
  return { from: min, to: max };
}

type CurveRequest = {
  palette: ChartPalette;
  curves: readonly PlottedCurve[];
  axis: CurveAxis;
  /** The part of the axis that is shown; all of it when null. */
  range: PlaceRange | null;
  smoothing: number;
  isLog: boolean;
  /** The best epoch of the one run that all curves are of. */
  bestEpoch?: number | null;
  /** How a value is written, with its unit. */
  format?: (value: number) => string;
};

const DOTS_UP_TO = 25;
const RAW_OPACITY = 0.28;
/** Begins the id of what was measured next to its smoothed curve: it has no line of its own in the tooltip. */
const RAW = 'measured ';

export function buildCurveOption(request: CurveRequest): EChartsCoreOption {
  const { palette, curves, axis, range, smoothing, isLog, bestEpoch, format } = request;
  const lines = curves.flatMap((curve) => buildLines(curve, { palette, range, smoothing, isLog }));
  const [first] = lines;
  if (first && bestEpoch) first.markLine = markBestEpoch(bestEpoch, palette);
  return {
    ...buildFrame(palette),
    grid: { left: format ? 70 : 50, right: 14, top: 20, bottom: 34 },
    tooltip: {
      ...buildFrame(palette).tooltip,
      trigger: 'axis',
      transitionDuration: 0,
      // The cursor's line is drawn by all charts at once.
      axisPointer: { type: 'none' },
      formatter: (points: unknown) =>
        describePoints(points, { format: format ?? formatFigure, axisName: axis.name, curves }),
    },
    xAxis: {
      ...buildValueAxis(palette, {
        name: axis.name,
        min: range?.from ?? axis.min,
        max: range?.to ?? axis.max,
      }),
      minInterval: range && range.to - range.from < 2 ? 0 : 1,
      splitLine: { show: false },
    },
    yAxis: {
      ...buildValueAxis(palette, { scale: true, log: isLog, format }),
      ...(isLog ? { scale: false } : {}),
    },
    series: [
      ...curves.flatMap(({ band, tone }) =>
        band
          ? buildBand(
              cutToRange(band, range, ({ x }) => x),
              { color: colorOf(tone, palette), isLog },
            )
          : [],
      ),
      ...lines,
    ],
  };
}

type Drawn = Pick<CurveRequest, 'palette' | 'range' | 'smoothing' | 'isLog'>;
type Line = Record<string, unknown>;

function buildLines(curve: PlottedCurve, { palette, range, smoothing, isLog }: Drawn): Line[] {
  const { name, tone, line: look = 'solid', points, bestPlace } = curve;
  const smoothed = smoothValues(
    points.map(({ value }) => value),
    smoothing,
  );
  const all = points.map((point, at) => ({
    x: placeOf(point),
    raw: point.value,
    value: smoothed[at] ?? Number.NaN,
  }));
  const seen = cutToRange(all, range, ({ x }) => x);
  // What is no number leaves a gap, as does what a logarithmic axis has no place for.
  const draw = (value: number) => (Number.isFinite(value) && (!isLog || value > 0) ? value : null);
  const line = {
    type: 'line',
    color: colorOf(tone, palette),
    symbol: 'circle',
    symbolSize: seen.length <= DOTS_UP_TO ? 5 : 0,
    sampling: 'lttb',
  };
  const best = seen.find(({ x }) => x === bestPlace);
  const main: Line = {
    ...line,
    id: name,
    name,
    data: seen.map(({ x, value }) => [x, draw(value)]),
    lineStyle: { width: 1.75, type: look },
    markPoint: best && draw(best.value) !== null ? markBestPoint([best.x, best.value], palette) : undefined,
  };
  if (smoothing <= 0) return [main];
  const raw = {
    ...line,
    id: `${RAW}${name}`,
    name,
    data: seen.map(({ x, raw }) => [x, draw(raw)]),
    silent: true,
    symbolSize: 0,
    lineStyle: { width: 1, opacity: RAW_OPACITY },
  };
  return [main, raw];
}

function markBestEpoch(bestEpoch: number, palette: ChartPalette) {
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: palette.muted, type: 'dotted' as const },
    label: { formatter: 'best', color: palette.muted, fontSize: 10, position: 'end' as const, distance: 2 },
    data: [{ xAxis: bestEpoch }],
  };
}

function markBestPoint(coord: [number, number], palette: ChartPalette) {
  return {
    silent: true,
    symbol: 'diamond',
    symbolSize: 10,
    itemStyle: { borderColor: palette.surface, borderWidth: 1.5 },
    label: { show: false },
    data: [{ coord }],
  };
}

type TooltipPoint = { seriesId: string; seriesName: string; marker: string; value: [number, number | null] };

type Describing = { format: (value: number) => string; axisName: string; curves: readonly PlottedCurve[] };

function describePoints(points: unknown, { format, axisName, curves }: Describing): string {
  const rows = points as TooltipPoint[];
  const head = rows[0] ? `${escapeHtml(axisName)} ${formatPlace(rows[0].value[0])}` : '';
  const measured = new Map(
    rows.filter(({ seriesId }) => seriesId.startsWith(RAW)).map((row) => [row.seriesName, row.value[1]]),
  );
  const write = (value: number | null | undefined) =>
    typeof value === 'number' ? format(value) : 'not a number';
  const drawn = rows.filter(({ seriesName, seriesId }) => seriesId === seriesName);
  const lines = drawn.map(({ marker, seriesName, value: [x, y] }) => {
    const spread = curves.find(({ name }) => name === seriesName)?.band?.find((point) => point.x === x);
    const note = measured.has(seriesName)
      ? ` (measured ${write(measured.get(seriesName))})`
      : spread
        ? ` (${format(spread.low)} to ${format(spread.high)})`
        : '';
    return `${marker}${escapeHtml(seriesName)} <b>${write(y)}</b>${note}`;
  });
  return [head, ...lines].join('<br>');
}

/** Epochs and steps are whole; seconds need no more than one decimal. */
export function formatPlace(place: number): string {
  return Number.isInteger(place) ? String(place) : place.toFixed(1);
}
