/** The ECharts option of curves over epochs. A single point is drawn as a dot, so that the first epoch is visible. */
import type { EChartsCoreOption } from 'echarts/core';
import { formatFigure } from '../format/format-number.ts';
import { buildFrame, buildValueAxis, escapeHtml } from './chart-frame.ts';
import type { ChartPalette } from './chart-palette.ts';
import type { CurvePoint } from './curve-panels.ts';

type DrawnCurve = { name: string; color: string; dashed?: boolean; points: readonly CurvePoint[] };

const DOTS_UP_TO = 25;

export function buildCurveOption(request: {
  palette: ChartPalette;
  curves: readonly DrawnCurve[];
  epochs: number | null;
  bestEpoch?: number | null;
  log?: boolean;
  /** How a value is written, with its unit. */
  format?: (value: number) => string;
  /** Instead of epochs. */
  axis?: { name: string; max: number };
}): EChartsCoreOption {
  const { palette, curves, epochs, bestEpoch, log, format, axis } = request;
  return {
    ...buildFrame(palette),
    grid: { left: format ? 70 : 50, right: 14, top: 20, bottom: 34 },
    tooltip: {
      ...buildFrame(palette).tooltip,
      trigger: 'axis',
      formatter: (points: unknown) =>
        describePoints(points, { format: format ?? formatFigure, axisName: axis?.name ?? 'epoch' }),
    },
    xAxis: {
      ...buildValueAxis(
        palette,
        axis ? { ...axis, min: 0 } : { name: 'epoch', min: 1, max: Math.max(2, epochs ?? 2) },
      ),
      minInterval: 1,
      splitLine: { show: false },
    },
    yAxis: buildValueAxis(palette, { scale: true, log, format }),
    series: curves.map((curve, index) => ({
      type: 'line',
      name: curve.name,
      color: curve.color,
      // What is no number leaves a gap.
      data: curve.points.map(({ epoch, value, x = epoch }) => [x, Number.isFinite(value) ? value : null]),
      symbol: 'circle',
      symbolSize: curve.points.length <= DOTS_UP_TO ? 5 : 0,
      sampling: 'lttb',
      lineStyle: { width: 1.75, type: curve.dashed ? 'dashed' : 'solid' },
      markLine: index === 0 && bestEpoch ? markBestEpoch(bestEpoch, palette) : undefined,
    })),
  };
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

type TooltipPoint = { seriesName: string; marker: string; value: [number, number | null] };

function describePoints(
  points: unknown,
  { format, axisName }: { format: (value: number) => string; axisName: string },
): string {
  const rows = points as TooltipPoint[];
  const head = rows[0] ? `${axisName} ${formatPlace(rows[0].value[0])}` : '';
  const lines = rows.map(
    ({ marker, seriesName, value }) =>
      `${marker}${escapeHtml(seriesName)} <b>${value[1] === null ? 'not a number' : format(value[1])}</b>`,
  );
  return [head, ...lines].join('<br>');
}

/** Epochs and steps are whole; seconds need no more than one decimal. */
function formatPlace(place: number): string {
  return Number.isInteger(place) ? String(place) : place.toFixed(1);
}
