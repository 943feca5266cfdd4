'use client';
/** Draws one ECharts option and keeps it drawn, as a picture with a name. */
import { useEffect, useRef, useState } from 'react';
import { classNames } from '../ui/class-names.ts';
import type { BuildChart, Drawing } from './drawing.ts';
import { loadAllDrawing } from './load-drawing.ts';
import { useChartPalette } from './use-chart-palette.ts';

type ChartProps = {
  build: BuildChart;
  /** What the chart shows, for screen readers. */
  label: string;
  className?: string;
  /** A mark was clicked, by its place in the first series. */
  onPick?: (index: number) => void;
};

export function Chart({ build, label, className, onPick }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const picked = useRef(onPick);
  picked.current = onPick;
  const palette = useChartPalette();

  useEffect(() => {
    let stop: (() => void) | null = () => undefined;
    loadAllDrawing().then(({ startDrawing }) => {
      if (!stop || !box.current) return;
      const started = startDrawing(box.current, { intervalMs: 0 });
      started.chart.on('click', ({ dataIndex }) => picked.current?.(dataIndex));
      stop = started.stop;
      setDrawing(started);
    }, setFailure);
    return () => {
      stop?.();
      stop = null;
      setDrawing(null);
    };
  }, []);

  useEffect(() => drawing?.show(build, palette, false), [drawing, build, palette]);

  // The page's frame around errors tells of it, and offers to try again.
  if (failure) throw failure;
  return <div ref={box} role="img" aria-label={label} className={classNames('h-64 w-full', className)} />;
}
