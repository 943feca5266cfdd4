'use client';
/** Draws one ECharts option and keeps it drawn, as a picture with a name. */
import { useEffect, useRef } from 'react';
import { classNames } from '../ui/class-names.ts';
import { type BuildChart, type Drawing, startDrawing } from './drawing.ts';
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
  const drawing = useRef<Drawing | null>(null);
  const picked = useRef(onPick);
  picked.current = onPick;
  const palette = useChartPalette();

  useEffect(() => {
    if (!box.current) return;
    const started = startDrawing(box.current, { intervalMs: 0 });
    started.chart.on('click', ({ dataIndex }) => picked.current?.(dataIndex));
    drawing.current = started;
    return () => started.stop();
  }, []);

  useEffect(() => {
    drawing.current?.show(build, palette, false);
  }, [build, palette]);

  return <div ref={box} role="img" aria-label={label} className={classNames('h-64 w-full', className)} />;
}
