/**
 * One ECharts instance in one box: it resizes with its box and keeps what it was last told to show. A live drawing draws at
 * most once a second and only while it is in sight; what a person asks for is drawn at once where it is in sight. What is out of
 * sight at first is drawn when the page has nothing else to do.
 */
import { CustomChart, LineChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent, MarkPointComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { whenIdle } from '../ui/when-idle.ts';
import type { ChartPalette } from './chart-palette.ts';

// What curves are made of; other charts take further kinds.
echarts.use([
  CustomChart,
  LineChart,
  CanvasRenderer,
  GridComponent,
  MarkLineComponent,
  MarkPointComponent,
  TooltipComponent,
]);

/** Built from the theme's colours; it is pure, and called on every change. */
export type BuildChart = (palette: ChartPalette) => echarts.EChartsCoreOption;

export type Drawing = {
  readonly chart: echarts.EChartsType;
  /** `isUrgent`: someone asked for the change and waits for it. */
  show(build: BuildChart, palette: ChartPalette, isUrgent: boolean): void;
  stop(): void;
};

type Pace = { intervalMs: number; onDrawn?: () => void };

export function startDrawing(box: HTMLDivElement, { intervalMs, onDrawn }: Pace): Drawing {
  const own = openChart(box);
  let waiting: { build: BuildChart; palette: ChartPalette } | null = null;
  let drawnPalette: ChartPalette | null = null;
  let dueAtMs = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopWaiting: (() => void) | undefined;
  let isInSight = false;

  function draw() {
    clearTimeout(timer);
    timer = undefined;
    stopWaiting?.();
    stopWaiting = undefined;
    if (!waiting) return;
    const { build, palette } = waiting;
    waiting = null;
    drawnPalette = palette;
    dueAtMs = performance.now() + intervalMs;
    own.chart.setOption(build(palette), { notMerge: false, replaceMerge: ['series'] });
    onDrawn?.();
  }

  function drawWhenDue() {
    if (!waiting || !isInSight) return;
    timer ??= setTimeout(draw, Math.max(0, dueAtMs - performance.now()));
  }

  const stopWatching = watchBox(box, {
    onSize: () => own.fit() && onDrawn?.(),
    onSight(next) {
      isInSight = next;
      drawWhenDue();
    },
  });
  return {
    get chart() {
      return own.chart;
    },
    show(build, palette, isUrgent) {
      waiting = { build, palette };
      if (isUrgent) dueAtMs = 0;
      if (intervalMs === 0 || (isUrgent && isInSight)) return draw();
      // Never an empty box for long, and never the colours of another theme.
      if (palette !== drawnPalette) {
        if (isInSight) return draw();
        dueAtMs = 0;
        stopWaiting ??= whenIdle(draw);
      }
      drawWhenDue();
    },
    stop() {
      clearTimeout(timer);
      stopWaiting?.();
      stopWatching();
      own.dispose();
    },
  };
}

/** Made when it is first drawn: a page may have dozens out of sight. */
function openChart(box: HTMLElement) {
  let made: echarts.EChartsType | null = null;
  return {
    get chart(): echarts.EChartsType {
      made ??= echarts.init(box);
      return made;
    },
    /** Whether it has another size now. A box that is hidden has none, and gets its own back: it is drawn as it was. */
    fit(): boolean {
      if (!made || box.clientWidth === 0) return false;
      if (box.clientWidth === made.getWidth() && box.clientHeight === made.getHeight()) return false;
      made.resize();
      return true;
    },
    dispose: () => made?.dispose(),
  };
}

type Watching = { onSize: () => unknown; onSight: (isInSight: boolean) => void };

function watchBox(box: HTMLElement, { onSize, onSight }: Watching): () => void {
  const resizing = new ResizeObserver(onSize);
  const seeing = new IntersectionObserver(([entry]) => onSight(entry?.isIntersecting ?? false));
  resizing.observe(box);
  seeing.observe(box);
  return () => {
    resizing.disconnect();
    seeing.disconnect();
  };
}
