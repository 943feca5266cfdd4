'use client';
/** The colours of charts in the theme that is shown. */
import { useTheme } from 'next-themes';
import { type ChartPalette, DARK_PALETTE, LIGHT_PALETTE } from './chart-palette.ts';

export function useChartPalette(): ChartPalette {
  const { resolvedTheme } = useTheme();
  return resolvedTheme === 'dark' ? DARK_PALETTE : LIGHT_PALETTE;
}
