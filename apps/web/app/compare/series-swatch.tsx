'use client';
/** The colour of a run in the charts of this page. */
import { useTheme } from 'next-themes';
import { DARK_PALETTE, LIGHT_PALETTE } from '../../charts/chart-palette.ts';

export function SeriesSwatch({ index }: { index: number }) {
  const { resolvedTheme } = useTheme();
  const { series } = resolvedTheme === 'dark' ? DARK_PALETTE : LIGHT_PALETTE;
  return (
    <span
      aria-hidden
      className="inline-block size-2.5 shrink-0 rounded-full"
      style={{ backgroundColor: series[index % series.length] }}
    />
  );
}
