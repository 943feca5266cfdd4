/** The metrics of a pair as a table draws them: in groups, on a scale that all of their intervals fit into. Pure. */
import type { MetricCatalogue } from '../../metrics/metric-catalogue.ts';

type PairedFacts = { low?: number | null; high?: number | null };

/** The largest distance from zero that any of the intervals reaches; never 0. */
export function measureReach(rows: readonly PairedFacts[]): number {
  const ends = rows.flatMap(({ low, high }) => [Math.abs(low ?? 0), Math.abs(high ?? 0)]);
  return Math.max(...ends, 0.001);
}

/** Metrics over all patches apart from means over units (`macro.…`), which only repeat them in another weighting. */
export function groupPairedMetrics<Row extends { name: string }>(
  rows: readonly Row[],
  catalogue: MetricCatalogue,
): { overPatches: Row[]; overPatients: Row[] } {
  return {
    overPatches: rows.filter(({ name }) => !catalogue.get(name)?.meanOf),
    overPatients: rows.filter(({ name }) => catalogue.get(name)?.meanOf),
  };
}
