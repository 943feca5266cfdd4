/** How figures are written in a card. */
import type { Interval } from '@microtome/domain/statistics/binomial-interval';

export const formatCount = (count: number | bigint) => count.toLocaleString('en-US');
export const formatShare = (share: number) => `${(100 * share).toFixed(1)} %`;
export const formatDay = (moment: Date) => moment.toISOString().slice(0, 10);
export const formatFigure = (value: number | null | undefined) =>
  value === null || value === undefined ? '–' : value.toFixed(3);

/** "0.912 (0.88 to 0.94)"; an undefined figure is a dash. */
export function formatWithInterval(value: number | null | undefined, interval: Interval | undefined): string {
  if (value === null || value === undefined || !interval) return formatFigure(value);
  return `${formatFigure(value)} (${interval[0].toFixed(3)} to ${interval[1].toFixed(3)})`;
}

/** As it is written in JSON: `true`, `"cosine"` without its quotes, 0.001. */
export function formatValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function formatBytes(bytes: bigint): string {
  if (bytes < 1_000_000n) return `${(Number(bytes) / 1e3).toFixed(1)} kB`;
  return `${(Number(bytes) / 1e6).toFixed(1)} MB`;
}
