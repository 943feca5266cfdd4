/**
 * One ECharts instance in one box: it resizes with its box and keeps what it was last told to show. A live drawing draws at
 * most once a second and only while it is in sight; what a person asks for is drawn at once where it is in sight.
 */
import { BarChart, CustomChart, LineChart, ParallelChart, ScatterChart } from 'echarts/charts';
import {
  DatasetComponent,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  MarkPointComponent,
  ParallelComponent,
  TitleComponent,
  TooltipComponent,
} from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { ChartPalette } from './chart-palette.ts';

echarts.use([
  BarChart,
  CustomChart,
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
  TitleComponent,
  TooltipComponent,
]);

/** Built from the theme's colours; it is pure, and called on every change. */
export type BuildChart = (palette: ChartPalette) => echarts.EChartsCoreOption;

export type Drawing = {
  chart: echarts.EChartsType;
  /** `isUrgent`: someone asked for the change and waits for it. */
  show(build: BuildChart, palette: ChartPalette, isUrgent: boolean): void;
  stop(): void;
};

export function startDrawing(
  box: HTMLDivElement,
  { intervalMs, onDrawn }: { intervalMs: number; onDrawn?: () => void },
): Drawing {
  const chart = echarts.init(box);
  let waiting: { build: BuildChart; palette: ChartPalette } | null = null;
  let drawnPalette: ChartPalette | null = null;
  let dueAtMs = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isInSight = false;

  function draw() {
    clearTimeout(timer);
    timer = undefined;
    if (!waiting) return;
    const { build, palette } = waiting;
    waiting = null;
    drawnPalette = palette;
    dueAtMs = performance.now() + intervalMs;
    chart.setOption(build(palette), { notMerge: false, replaceMerge: ['series'] });
    onDrawn?.();
  }

  function drawWhenDue() {
    if (!waiting || !isInSight) return;
    timer ??= setTimeout(draw, Math.max(0, dueAtMs - performance.now()));
  }

  const resizing = new ResizeObserver(() => {
    // A box that is hidden has no size, and gets its own back.
    if (box.clientWidth === 0) return;
    chart.resize();
    onDrawn?.();
  });
  resizing.observe(box);
  const seeing = new IntersectionObserver(([entry]) => {
    isInSight = entry?.isIntersecting ?? false;
    drawWhenDue();
  });
  seeing.observe(box);
  return {
    chart,
    show(build, palette, isUrgent) {
      waiting = { build, palette };
      if (isUrgent) dueAtMs = 0;
      // Never an empty box, and never the colours of another theme.
      if (palette !== drawnPalette || intervalMs === 0 || (isUrgent && isInSight)) draw();
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
