/** Holm over several comparisons: whoever tests more pairs finds more by chance. Pure. */
import { adjustHolm } from '@microtome/domain/statistics/holm';
import type { PairedComparison } from './paired-comparison.ts';

/** Fills `acrossPairsP`, metric by metric over all pairs that have a p-value. One pair alone needs no adjusting. */
export function adjustAcrossPairs(pairs: readonly PairedComparison[]): PairedComparison[] {
  const names = new Set(pairs.flatMap(({ metrics }) => metrics.map(({ name }) => name)));
  const adjusted = new Map<string, ReadonlyMap<PairedComparison, number>>();
  for (const name of names) {
    const tested = pairs.flatMap((pair) => {
      const pValue = pair.metrics.find((metric) => metric.name === name)?.pValue ?? null;
      return pValue === null ? [] : [{ pair, pValue }];
    });
    const values = adjustHolm(tested.map(({ pValue }) => pValue));
    adjusted.set(name, new Map(tested.map(({ pair }, at) => [pair, values[at] as number])));
  }
  return pairs.map((pair) => ({
    ...pair,
    metrics: pair.metrics.map((metric) => ({
      ...metric,
      acrossPairsP: adjusted.get(metric.name)?.get(pair) ?? null,
    })),
  }));
}
