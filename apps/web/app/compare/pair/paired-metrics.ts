/** The metrics of a pair as a table draws them: in groups, on a scale that all of their intervals fit into. Pure. */
import { listEvaluationMetrics, type MetricCatalogue, pickMain } from '../../../metrics/metric-catalogue.ts';

/** So many main figures are shown of a comparison; the others are folded. */
const SHOWN_METRICS = 5;

type PairedFacts = { low?: number | null; high?: number | null };

/** The largest distance from zero that any of the intervals reaches; never 0. */
export function measureReach(rows: readonly PairedFacts[]): number {
  const ends = rows.flatMap(({ low, high }) => [Math.abs(low ?? 0), Math.abs(high ?? 0)]);
  return Math.max(...ends, 0.001);
}

/** The names of the metrics that a comparison shows without being asked. */
export function listShownMetrics(catalogue: MetricCatalogue): string[] {
  return pickMain(listEvaluationMetrics(catalogue), SHOWN_METRICS);
}

/** The main figures over all patches, the others, and means over units (`macro.…`), which only repeat them in another weighting. */
export function groupPairedMetrics<Row extends { name: string }>(
  rows: readonly Row[],
  catalogue: MetricCatalogue,
): { shown: Row[]; folded: Row[]; overPatients: Row[] } {
  const main = new Set(listShownMetrics(catalogue));
  const overPatches = rows.filter(({ name }) => !catalogue.get(name)?.meanOf);
  return {
    shown: overPatches.filter(({ name }) => main.has(name)),
    folded: overPatches.filter(({ name }) => !main.has(name)),
    overPatients: rows.filter(({ name }) => catalogue.get(name)?.meanOf),
  };
}
