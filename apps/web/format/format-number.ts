/** How numbers are written everywhere: metrics to three decimals, counts with thousands, sizes in binary units. */

const NOTHING = '–';
const COUNT = new Intl.NumberFormat('en-US');
const SHORT = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const TICK = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 12 });
const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

/** A metric in [-1, 1] or a loss: three decimals; undefined metrics are an en dash, never 0 or NaN. */
export function formatMetric(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
  return writeMinus(value !== 0 && Math.abs(value) < 0.0005 ? value.toExponential(1) : value.toFixed(3));
}

/** A number of unknown scale: metrics with three decimals, rates and counts without. */
export function formatFigure(value: number | null | undefined): string {
  if (typeof value === 'number' && Math.abs(value) >= 100) return writeMinus(COUNT.format(Math.round(value)));
  return formatMetric(value);
}

/** Seconds, speeds, counts: three digits where there are not more before the point. */
export function formatAmount(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
  return writeMinus(Math.abs(value) >= 100 ? COUNT.format(Math.round(value)) : SHORT.format(value));
}

export function formatSigned(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}

export function formatInterval(interval: readonly number[] | null | undefined): string {
  const [low, high] = interval ?? [];
  if (low === undefined || high === undefined) return NOTHING;
  return `${formatMetric(low)} to ${formatMetric(high)}`;
}

/** p-values are never written as 0: the smallest that is told apart is 0.001. */
export function formatPValue(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
  return value < 0.001 ? '< 0.001' : value.toFixed(3);
}

export function formatCount(value: number | string | null | undefined): string {
  if (value === null || value === undefined) return NOTHING;
  return writeMinus(COUNT.format(Number(value)));
}

/** A number at the tick of an axis, with as many digits as it has. */
export function formatTick(value: number): string {
  return writeMinus(TICK.format(value));
}

/** 168,321 as 168K, 6,812,000 as 6.81M. */
export function formatCompact(value: number | string | null | undefined): string {
  if (value === null || value === undefined) return NOTHING;
  return COMPACT.format(Number(value));
}

/** A share in [0, 1] as a percentage with one decimal, spaced as in the sentences of the server. */
export function formatShare(share: number | null | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return NOTHING;
  return writeMinus(`${(share * 100).toFixed(1)}\u00A0%`);
}

export function formatBytes(bytes: number | string | null | undefined): string {
  if (bytes === null || bytes === undefined) return NOTHING;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = Number(bytes);
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? size.toFixed(0) : size.toFixed(1)} ${units[unit]}`;
}

export function formatRate(perSecond: number | null | undefined, noun: string): string {
  if (perSecond === null || perSecond === undefined || !Number.isFinite(perSecond)) return NOTHING;
  const digits = perSecond < 10 ? 1 : 0;
  return `${perSecond.toLocaleString('en-US', { maximumFractionDigits: digits })} ${noun}/s`;
}

/** The one minus of all numbers, as wide as a plus; also that of an exponent. */
function writeMinus(text: string): string {
  return text.replaceAll('-', '−');
}
