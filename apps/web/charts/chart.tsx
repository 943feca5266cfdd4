'use client';
/**
 * Draws one ECharts option and keeps it drawn: resizes with its box, redraws when option or theme changes. A
 * live chart draws at most once a second and only while it is in sight: what comes meanwhile waits.
 */
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
  /** Its data come by themselves, in quick succession. */
  isLive?: boolean;
  /** A mark was clicked, by its place in the first series. */
  onPick?: (index: number) => void;
};

/** Between two drawings of a live chart. */
const LIVE_INTERVAL_MS = 1_000;

export function Chart({ build, label, className, isLive = false, onPick }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing | null>(null);
  const picked = useRef(onPick);
  picked.current = onPick;
  const { resolvedTheme } = useTheme();

  useEffect(() => {
    if (!box.current) return;
    const started = startDrawing(box.current, isLive ? LIVE_INTERVAL_MS : 0, (index) =>
      picked.current?.(index),
    );
    drawing.current = started;
    return () => started.stop();
  }, [isLive]);

  useEffect(() => {
    drawing.current?.show(build, resolvedTheme === 'dark' ? DARK_PALETTE : LIGHT_PALETTE);
  }, [build, resolvedTheme]);

  return <div ref={box} role="img" aria-label={label} className={classNames('h-64 w-full', className)} />;
}

type Drawing = { show(build: ChartProps['build'], palette: ChartPalette): void; stop(): void };

function startDrawing(box: HTMLDivElement, intervalMs: number, onPick: (index: number) => void): Drawing {
  const chart = echarts.init(box);
  chart.on('click', ({ dataIndex }) => onPick(dataIndex));
  let waiting: { build: ChartProps['build']; palette: ChartPalette } | null = null;
  let drawnPalette: ChartPalette | null = null;
  let drawnAtMs = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isInSight = false;

  function draw() {
    clearTimeout(timer);
    timer = undefined;
    if (!waiting) return;
    const { build, palette } = waiting;
    waiting = null;
    drawnPalette = palette;
    drawnAtMs = performance.now();
    chart.setOption(build(palette), { notMerge: false, replaceMerge: ['series'] });
  }

  function drawWhenDue() {
    if (!waiting || !isInSight) return;
    timer ??= setTimeout(draw, Math.max(0, drawnAtMs + intervalMs - performance.now()));
  }

  const resizing = new ResizeObserver(() => {
    // A box that is hidden has no size, and gets its own back.
    if (box.clientWidth > 0) chart.resize();
  });
  resizing.observe(box);
  const seeing = new IntersectionObserver(([entry]) => {
    isInSight = entry?.isIntersecting ?? false;
    drawWhenDue();
  });
  seeing.observe(box);
  return {
    show(build, palette) {
      waiting = { build, palette };
      // Never an empty box, and never the colours of another theme.
      if (palette !== drawnPalette || intervalMs === 0) draw();
      else drawWhenDue();
    },
    stop() {
      clearTimeout(timer);
      resizing.disconnect();
      seeing.disconnect();
      chart.dispose();
    },
  };
}
