/** The value below which a share of the measured ones lie, to a tenth. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(10 * (sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN)) / 10;
}
