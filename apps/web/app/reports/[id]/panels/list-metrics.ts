/** What a report says of a compared pair: its main figures, with the scale that their intervals share. Pure. */
import { countNoun } from '../../../../format/count-noun.ts';
import type { ReportPartsFragment } from '../../../../graphql/generated/graphql.ts';
import {
  listEvaluationMetrics,
  type MetricCatalogue,
  pickMain,
} from '../../../../metrics/metric-catalogue.ts';

export type ReportComparison = NonNullable<ReportPartsFragment['comparison']>;
export type ReportPair = ReportComparison['pairs'][number];
type ReportMetric = ReportPair['metrics'][number];

/** As many as the page of a comparison shows without being asked. */
const SHOWN_METRICS = 5;

export function listMetrics({ metrics }: ReportPair, catalogue: MetricCatalogue): ReportMetric[] {
  const main = pickMain(listEvaluationMetrics(catalogue), SHOWN_METRICS);
  return metrics.filter(({ name }) => main.includes(name));
}

/** The largest distance from zero that any of the intervals reaches; never 0. */
export function reachOf(metrics: readonly ReportMetric[]): number {
  return Math.max(0.001, ...metrics.flatMap(({ low, high }) => [Math.abs(low ?? 0), Math.abs(high ?? 0)]));
}

export function intervalOf({ low, high }: ReportMetric): [number, number] | null {
  return low == null || high == null ? null : [low, high];
}

export function describePair({ a, b, patches, refused }: ReportPair): string {
  return refused == null ? `${a} minus ${b}, on ${countNoun(patches, 'patch')} of TEST` : `${a} and ${b}`;
}
