/** The bins of a reliability diagram that hold patches; empty ones have no point. */
import type { ReliabilityPoint } from '../charts/reliability-option.ts';

type Bin = { count: number; meanProbability?: number | null; positiveShare?: number | null };

export function listReliabilityPoints(bins: readonly Bin[]): ReliabilityPoint[] {
  return bins.flatMap(({ count, meanProbability, positiveShare }) =>
    count > 0 && typeof meanProbability === 'number' && typeof positiveShare === 'number'
      ? [{ count, meanProbability, positiveShare }]
      : [],
  );
}
