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

export function startDrawing(
  box: HTMLDivElement,
  { intervalMs, onDrawn }: { intervalMs: number; onDrawn?: () => void },
): Drawing {
  // Made when it is first drawn: a page may have dozens out of sight.
  let made: echarts.EChartsType | null = null;
  const make = () => {
    made ??= echarts.init(box);
    return made;
  };
  let waiting: { build: BuildChart; palette: ChartPalette } | null = null;
  let drawnPalette: ChartPalette | null = null;
  let isInSight = false;

  const turn = createTurn(intervalMs, () => {
    if (!waiting) return;
    const { build, palette } = waiting;
    waiting = null;
    drawnPalette = palette;
    make().setOption(build(palette), { notMerge: false, replaceMerge: ['series'] });
    onDrawn?.();
  });
  const drawWhenDue = () => waiting && isInSight && turn.takeWhenDue();

  const stopWatching = watchBox(box, {
    onSize: () => made && fit(made, box) && onDrawn?.(),
    onSight(next) {
      isInSight = next;
      drawWhenDue();
    },
  });
  return {
    get chart() {
      return make();
    },
    show(build, palette, isUrgent) {
      waiting = { build, palette };
      if (isUrgent) turn.makeDue();
      if (intervalMs === 0 || (isUrgent && isInSight)) return turn.take();
      // Never an empty box for long, and never the colours of another theme.
      if (palette !== drawnPalette) {
        if (isInSight) return turn.take();
        turn.makeDue();
        turn.takeWhenIdle();
      }
      drawWhenDue();
    },
    stop() {
      turn.stop();
      stopWatching();
      made?.dispose();
    },
  };
}

/** When `draw` is called: at once, when `intervalMs` have passed since the last time, or when the page has nothing else to do. */
function createTurn(intervalMs: number, draw: () => void) {
  let dueAtMs = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopWaiting: (() => void) | undefined;

  function stop() {
    clearTimeout(timer);
    timer = undefined;
    stopWaiting?.();
    stopWaiting = undefined;
  }

  function take() {
    stop();
    dueAtMs = performance.now() + intervalMs;
    draw();
  }

  return {
    take,
    takeWhenDue() {
      timer ??= setTimeout(take, Math.max(0, dueAtMs - performance.now()));
    },
    takeWhenIdle() {
      stopWaiting ??= whenIdle(take);
    },
    makeDue() {
      dueAtMs = 0;
    },
    stop,
  };
}

/** Whether the chart has another size now. A box that is hidden has none, and gets its own back: it is drawn as it was. */
function fit(chart: echarts.EChartsType, box: HTMLElement): boolean {
  if (box.clientWidth === 0) return false;
  if (box.clientWidth === chart.getWidth() && box.clientHeight === chart.getHeight()) return false;
  chart.resize();
  return true;
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
