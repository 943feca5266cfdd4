/** The rungs of a halving: one line a setting, from rung to rung as far as it was promoted. */
import type { EChartsCoreOption } from 'echarts/core';
import { formatMetric } from '../format/format-number.ts';
import { buildFrame, buildValueAxis, escapeHtml } from './chart-frame.ts';
import type { ChartPalette } from './chart-palette.ts';

type RungSetting = { name: string; points: readonly { rung: number; value: number }[] };

export function buildRungOption(request: {
  palette: ChartPalette;
  titles: readonly string[];
  settings: readonly RungSetting[];
  metric: string;
}): EChartsCoreOption {
  const { palette, titles, settings, metric } = request;
  return {
    ...buildFrame(palette),
    grid: { left: 56, right: 24, top: 16, bottom: 44 },
    tooltip: {
      ...buildFrame(palette).tooltip,
      formatter: ({ seriesName, value }: { seriesName: string; value: [number, number] }) =>
        `${escapeHtml(seriesName)}<br>rung ${value[0] + 1}: <b>${formatMetric(value[1])}</b>`,
    },
    xAxis: {
      type: 'category',
      data: titles,
      boundaryGap: titles.length === 1,
      axisLabel: { color: palette.muted, fontSize: 11, lineHeight: 14 },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.line } },
    },
    yAxis: { ...buildValueAxis(palette, { name: metric, scale: true }), nameGap: 40 },
    series: settings.map(({ name, points }) => {
      const isPromoted = points.length > 1;
      const reachedLast = points.some(({ rung }) => rung === titles.length - 1);
      const color = reachedLast ? palette.accent : isPromoted ? palette.text : palette.muted;
      return {
        type: 'line',
        name,
        color,
        data: points.map(({ rung, value }) => [rung, value]),
        symbol: 'circle',
        symbolSize: reachedLast ? 9 : 7,
        lineStyle: { width: reachedLast ? 2.5 : 1.5 },
        z: reachedLast ? 4 : isPromoted ? 3 : 2,
      };
    }),
  };
}
