/** What a paired difference (a − b, as the API gives it) allows one to say: its interval decides, not the point. Pure. */
import { isLessBetter, type MetricCatalogue } from '../../metrics/metric-catalogue.ts';

type PairedFacts = {
  name: string;
  low?: number | null;
  high?: number | null;
  /** The p-value after Holm over all metrics of the pair. */
  adjustedP?: number | null;
  /** The p-value after Holm over all tested pairs. */
  acrossPairsP?: number | null;
};
/** `caution`: why these patients are too few to call anybody better. */
type JudgedPair = { a: { name: string }; b: { name: string }; caution?: string | null };

export type DifferenceVerdict = { tone: 'neutral' | 'accent'; text: string };

const SIGNIFICANCE_LEVEL = 0.05;

/** An interval that holds 0 means that these patients cannot tell the two apart. */
export function judgeDifference(
  { name, low, high, adjustedP, acrossPairsP }: PairedFacts,
  { a, b, caution }: JudgedPair,
  catalogue: MetricCatalogue,
): DifferenceVerdict {
  if (low === null || low === undefined || high === null || high === undefined) {
    return { tone: 'neutral', text: 'undefined' };
  }
  if (low <= 0 && high >= 0) return { tone: 'neutral', text: 'not told apart' };
  const aIsHigher = low > 0;
  const better = aIsHigher !== isLessBetter(catalogue, name) ? a : b;
  const adjusted = [adjustedP, acrossPairsP].filter((p) => typeof p === 'number');
  if (adjusted.some((p) => p >= SIGNIFICANCE_LEVEL)) {
    return { tone: 'neutral', text: `${better.name} leads, but not after Holm` };
  }
  if (caution) return { tone: 'neutral', text: `${better.name} leads, on few patients` };
  return { tone: 'accent', text: `${better.name} is better` };
}

/** The largest distance from zero that any of the intervals reaches; never 0. */
export function measureReach(rows: readonly PairedFacts[]): number {
  const ends = rows.flatMap(({ low, high }) => [Math.abs(low ?? 0), Math.abs(high ?? 0)]);
  return Math.max(...ends, 0.001);
}

/** Metrics over all patches apart from means over patients (`macro.…`), which only repeat them in another weighting. */
export function groupPairedMetrics<Row extends { name: string }>(
  rows: readonly Row[],
  catalogue: MetricCatalogue,
): { overPatches: Row[]; overPatients: Row[] } {
  return {
    overPatches: rows.filter(({ name }) => !catalogue.get(name)?.meanOf),
    overPatients: rows.filter(({ name }) => catalogue.get(name)?.meanOf),
  };
}
