/** The ROC curves of one or more evaluations, over the line of a coin toss. */
import type { EChartsCoreOption } from 'echarts/core';
import { buildFrame, buildValueAxis } from './chart-frame.ts';
import type { ChartPalette } from './chart-palette.ts';

export type RocCurve = { name: string; color: string; points: readonly { x: number; y: number }[] };

export function buildRocOption(request: {
  palette: ChartPalette;
  curves: readonly RocCurve[];
  /** Where the threshold puts the run on its curve. */
  operatingPoint?: { x: number; y: number } | null;
}): EChartsCoreOption {
  const { palette, curves, operatingPoint } = request;
  return {
    ...buildFrame(palette),
    grid: { left: 48, right: 14, top: 12, bottom: 38 },
    xAxis: buildValueAxis(palette, { name: '1 − specificity', min: 0, max: 1 }),
    yAxis: { ...buildValueAxis(palette, { name: 'sensitivity', min: 0, max: 1 }), nameGap: 30 },
    series: [
      {
        type: 'line',
        name: 'coin toss',
        data: [
          [0, 0],
          [1, 1],
        ],
        symbol: 'none',
        silent: true,
        lineStyle: { color: palette.muted, type: 'dashed', width: 1 },
      },
      ...curves.map(({ name, color, points }) => ({
        type: 'line',
        name,
        color,
        data: points.map(({ x, y }) => [x, y]),
        symbol: 'none',
        lineStyle: { width: 1.75 },
      })),
      ...(operatingPoint
        ? [
            {
              type: 'scatter',
              name: 'at the threshold',
              data: [[operatingPoint.x, operatingPoint.y]],
              symbolSize: 9,
              color: palette.text,
            },
          ]
        : []),
    ],
  };
}
