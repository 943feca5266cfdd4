/** Precision over recall of one or more evaluations. */
import type { EChartsCoreOption } from 'echarts/core';
import { buildFrame, buildValueAxis } from './chart-frame.ts';
import type { ChartPalette } from './chart-palette.ts';
import type { RocCurve } from './roc-option.ts';

export function buildPrOption(request: {
  palette: ChartPalette;
  /** x recall, y precision. */
  curves: readonly RocCurve[];
  /** The precision of a coin toss: the share of positives. */
  prevalence?: number | null;
  /** Where the threshold puts the run on its curve. */
  operatingPoint?: { x: number; y: number } | null;
}): EChartsCoreOption {
  const { palette, curves, prevalence, operatingPoint } = request;
  return {
    ...buildFrame(palette),
    grid: { left: 48, right: 14, top: 12, bottom: 38 },
    xAxis: buildValueAxis(palette, { name: 'recall (sensitivity)', min: 0, max: 1 }),
    yAxis: { ...buildValueAxis(palette, { name: 'precision (PPV)', min: 0, max: 1 }), nameGap: 30 },
    series: [
      ...(typeof prevalence === 'number'
        ? [
            {
              type: 'line',
              name: 'coin toss',
              symbol: 'none',
              silent: true,
              data: [
                [0, prevalence],
                [1, prevalence],
              ],
              lineStyle: { color: palette.muted, type: 'dashed', width: 1 },
            },
          ]
        : []),
      ...curves.map(({ name, color, points }) => ({
        type: 'line',
        name,
        color,
        symbol: 'none',
        data: points.map(({ x, y }) => [x, y]),
        lineStyle: { width: 1.75 },
      })),
      ...(operatingPoint
        ? [
            {
              type: 'scatter',
              name: 'at the threshold',
              symbolSize: 9,
              color: palette.text,
              data: [[operatingPoint.x, operatingPoint.y]],
            },
          ]
        : []),
    ],
  };
}
