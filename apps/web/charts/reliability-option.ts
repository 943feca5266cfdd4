/**
 * The reliability diagram: predicted probability against the observed share of positives; larger dots stand for more
 * patches.
 */
import type { EChartsCoreOption } from 'echarts/core';
import { formatCount, formatMetric } from '../format/format-number.ts';
import { buildFrame, buildValueAxis } from './chart-frame.ts';
import type { ChartPalette } from './chart-palette.ts';

type ReliabilityCurve = { name: string; color: string; points: readonly ReliabilityPoint[] };
export type ReliabilityPoint = { meanProbability: number; positiveShare: number; count: number };

const SMALLEST_DOT_PX = 5;
const LARGEST_DOT_PX = 18;

export function buildReliabilityOption(request: {
  palette: ChartPalette;
  curves: readonly ReliabilityCurve[];
  positiveClass: string;
}): EChartsCoreOption {
  const { palette, curves, positiveClass } = request;
  const most = Math.max(1, ...curves.flatMap(({ points }) => points.map(({ count }) => count)));
  return {
    ...buildFrame(palette),
    grid: { left: 48, right: 14, top: 12, bottom: 38 },
    tooltip: {
      ...buildFrame(palette).tooltip,
      formatter: ({ value }: { value: [number, number, number] }) =>
        `predicted ${formatMetric(value[0])}<br>observed ${formatMetric(value[1])}<br>${formatCount(value[2])} patches`,
    },
    xAxis: buildValueAxis(palette, { name: `predicted probability of ${positiveClass}`, min: 0, max: 1 }),
    yAxis: {
      ...buildValueAxis(palette, { name: `observed share of ${positiveClass}`, min: 0, max: 1 }),
      nameGap: 30,
    },
    series: [
      {
        type: 'line',
        data: [
          [0, 0],
          [1, 1],
        ],
        symbol: 'none',
        silent: true,
        tooltip: { show: false },
        lineStyle: { color: palette.muted, type: 'dashed', width: 1 },
      },
      ...curves.map(({ name, color, points }) => ({
        type: 'line',
        name,
        color,
        data: points.map(({ meanProbability, positiveShare, count }) => [
          meanProbability,
          positiveShare,
          count,
        ]),
        symbol: 'circle',
        symbolSize: (value: number[]) => sizeDot((value[2] ?? 0) / most),
        lineStyle: { width: 1.5 },
      })),
    ],
  };
}

/** Area, not diameter, says how many. */
function sizeDot(share: number): number {
  return SMALLEST_DOT_PX + (LARGEST_DOT_PX - SMALLEST_DOT_PX) * Math.sqrt(share);
}
