'use client';
/** The colour of a run in the charts of a page. */
import { useChartPalette } from './use-chart-palette.ts';

export function SeriesSwatch({ index }: { index: number }) {
  const { series } = useChartPalette();
  return (
    <span
      aria-hidden
      className="inline-block size-2.5 shrink-0 rounded-full"
      style={{ backgroundColor: series[index % series.length] }}
    />
  );
}
