'use client';
/** Draws one ECharts option and keeps it drawn: resizes with its box, redraws when option or theme changes. */
import { BarChart, LineChart, ParallelChart, ScatterChart } from 'echarts/charts';
import {
  DatasetComponent,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  MarkPointComponent,
  ParallelComponent,
  TooltipComponent,
} from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useTheme } from 'next-themes';
import { useEffect, useRef } from 'react';
import { classNames } from '../ui/class-names.ts';
import { type ChartPalette, DARK_PALETTE, LIGHT_PALETTE } from './chart-palette.ts';

echarts.use([
  BarChart,
  LineChart,
  ParallelChart,
  ScatterChart,
  CanvasRenderer,
  DatasetComponent,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  MarkPointComponent,
  ParallelComponent,
  TooltipComponent,
]);

type ChartProps = {
  /** Built from the theme's colours; keep it pure, it is called on every change. */
  build: (palette: ChartPalette) => echarts.EChartsCoreOption;
  /** What the chart shows, for screen readers. */
  label: string;
  className?: string;
};

export function Chart({ build, label, className }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.EChartsType | null>(null);
  const { resolvedTheme } = useTheme();

  useEffect(() => {
    if (!box.current) return;
    const drawn = echarts.init(box.current);
    chart.current = drawn;
    const observer = new ResizeObserver(() => drawn.resize());
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      drawn.dispose();
    };
  }, []);

  useEffect(() => {
    const palette = resolvedTheme === 'dark' ? DARK_PALETTE : LIGHT_PALETTE;
    chart.current?.setOption(build(palette), { notMerge: false, replaceMerge: ['series'] });
  }, [build, resolvedTheme]);

  return <div ref={box} role="img" aria-label={label} className={classNames('h-64 w-full', className)} />;
}
