/**
 * How each metric of ranking is computed: from the counts at every distinct score. To add one, write a function and a line
 * in the table.
 */
import type { RankingMetric } from './metric.ts';
import { aucOfCounts, averagePrecisionOfCounts, type ScoreCounts } from './roc.ts';
import { sensitivityAtSpecificity } from './threshold.ts';

/** Null where a class that it needs is missing. */
type RankingMeasure = (counts: ScoreCounts) => number | null;

/** The metrics that are the sensitivity at a specificity of at least this. */
export const AT_SPECIFICITY = { sensitivityAtSpecificity90: 0.9, sensitivityAtSpecificity95: 0.95 } as const;

export const RANKING_MEASURES: Readonly<Record<RankingMetric, RankingMeasure>> = {
  auc: aucOfCounts,
  averagePrecision: averagePrecisionOfCounts,
  sensitivityAtSpecificity90: readSensitivityAt(AT_SPECIFICITY.sensitivityAtSpecificity90),
  sensitivityAtSpecificity95: readSensitivityAt(AT_SPECIFICITY.sensitivityAtSpecificity95),
};

function readSensitivityAt(specificity: number): RankingMeasure {
  return (counts) => sensitivityAtSpecificity(counts, specificity)?.sensitivity ?? null;
}
