/** How numbers and what they measure are written in a PDF. Pure. */
import { isSmallerBetter, type MetricSubject, titleMetric } from '@microtome/domain/metrics/metric';

/** A PDF has no tooltips, so the title says when lower is better. */
export function formatMetricTitle(name: string, subject: MetricSubject): string {
  return `${titleMetric(name, subject)}${isSmallerBetter(name) ? ' (less is better)' : ''}`;
}

export function formatFigure(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : value.toFixed(3).replace('-', '−');
}

/** With its sign, which a difference needs. */
export function formatSigned(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return value > 0 ? `+${formatFigure(value)}` : formatFigure(value);
}

export function formatInterval(interval: readonly [number | null, number | null] | null | undefined): string {
  if (!interval || interval[0] === null || interval[1] === null) return '–';
  return `${formatFigure(interval[0])} to ${formatFigure(interval[1])}`;
}

export function formatP(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return value < 0.001 ? '< 0.001' : value.toFixed(3);
}

export function formatCount(count: number | bigint): string {
  return count.toLocaleString('en-US');
}
