/** What all charts have in common: grid, axes, tooltip, in the theme's colours. */
import { formatTick } from '../format/format-number.ts';
import type { ChartPalette } from './chart-palette.ts';

type AxisText = {
  name?: string;
  min?: number;
  max?: number;
  scale?: boolean;
  log?: boolean;
  /** How a number at a tick is written; with all of its digits when left out. */
  format?: (value: number) => string;
};

export function buildFrame(palette: ChartPalette) {
  return {
    animation: false,
    textStyle: { color: palette.text, fontFamily: 'ui-sans-serif, system-ui, sans-serif' },
    grid: { left: 44, right: 14, top: 16, bottom: 34 },
    tooltip: {
      backgroundColor: palette.surface,
      borderColor: palette.line,
      textStyle: { color: palette.text, fontSize: 12 },
      confine: true,
    },
  };
}

export function buildValueAxis(palette: ChartPalette, axis: AxisText) {
  return {
    type: axis.log ? ('log' as const) : ('value' as const),
    name: axis.name,
    nameLocation: 'middle' as const,
    nameGap: 22,
    nameTextStyle: { color: palette.muted, fontSize: 11 },
    min: axis.min,
    max: axis.max,
    scale: axis.scale ?? false,
    axisLabel: {
      color: palette.muted,
      fontSize: 11,
      hideOverlap: true,
      formatter: axis.format ?? formatTick,
    },
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: palette.line } },
  };
}

/** Names on axes and in tooltips come from data: they are text, never markup. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
