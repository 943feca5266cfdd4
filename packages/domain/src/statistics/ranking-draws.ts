/**
 * The metrics of ranking in every resample: by a fast method where a metric has one, else by the metric itself on
 * the counts of the resample.
 */
import type { RankingMetric } from '../metrics/metric.ts';
import { AT_SPECIFICITY, RANKING_MEASURES } from '../metrics/ranking-measures.ts';
import type { ScoreCounts } from '../metrics/roc.ts';
import type { RankingTables } from './ranking-tables.ts';
import {
  type CountsAbove,
  countAbove,
  countDoubledWins,
  findPrecisionMissed,
  interleave,
  RESAMPLES_AT_ONCE,
  resampleAveragePrecision,
  resampleSensitivityAt,
} from './resampled-ranking.ts';

type Resample = {
  tables: RankingTables;
  weights: Float64Array;
  above: CountsAbove;
  doubledWins: number;
  precisionMissed: number;
};

const FAST_WAYS: Partial<Record<RankingMetric, (resample: Resample) => number>> = {
  auc: ({ above, doubledWins }) =>
    doubledWins / (2 * ((above.positives.at(-1) ?? 0) * (above.negatives.at(-1) ?? 0))),
  averagePrecision: (resample) => resampleAveragePrecision(resample) + resample.precisionMissed,
  sensitivityAtSpecificity90: (resample) =>
    resampleSensitivityAt(AT_SPECIFICITY.sensitivityAtSpecificity90, resample),
  sensitivityAtSpecificity95: (resample) =>
    resampleSensitivityAt(AT_SPECIFICITY.sensitivityAtSpecificity95, resample),
};
const RANKING_METRICS = Object.keys(RANKING_MEASURES) as RankingMetric[];

/** Writes each metric's value in each resample into its column; NaN where the resample does not have it. */
export function measureRanking(
  tables: RankingTables,
  {
    resamples,
    columns,
  }: { resamples: readonly Float64Array[]; columns: Record<RankingMetric, Float64Array> },
): void {
  const precisionMissed = findPrecisionMissed(tables);
  for (let first = 0; first < resamples.length; first += RESAMPLES_AT_ONCE) {
    const together = resamples.slice(first, first + RESAMPLES_AT_ONCE);
    const four = interleave(together, tables.patientCount);
    const wins = countDoubledWins(tables, four);
    const counts = countAbove(tables.checkpoints, four);
    together.forEach((weights, index) => {
      const above = counts[index] as CountsAbove;
      const resample = { tables, weights, above, doubledWins: wins[index] as number, precisionMissed };
      for (const metric of RANKING_METRICS) {
        columns[metric][first + index] = (FAST_WAYS[metric] ?? measureSlowly(metric))(resample);
      }
    });
  }
}

function measureSlowly(metric: RankingMetric): (resample: Resample) => number {
  return ({ tables, weights }) => RANKING_MEASURES[metric](countResample(tables, weights)) ?? Number.NaN;
}

/** The counts of one resample at every distinct score that is drawn: exact, in one pass over the patches. */
function countResample(
  { scores, patients, labels, endsTie }: RankingTables,
  weights: Float64Array,
): ScoreCounts {
  const drawnScores = new Float64Array(scores.length);
  const truePositives = new Float64Array(scores.length);
  const falsePositives = new Float64Array(scores.length);
  let [points, positives, negatives, counted] = [0, 0, 0, 0];
  for (let rank = 0; rank < scores.length; rank++) {
    const weight = weights[patients[rank] as number] as number;
    if (labels[rank] === 1) positives += weight;
    else negatives += weight;
    if (endsTie[rank] === 0 || positives + negatives === counted) continue;
    counted = positives + negatives;
    drawnScores[points] = scores[rank] as number;
    truePositives[points] = positives;
    falsePositives[points] = negatives;
    points++;
  }
  return {
    scores: drawnScores.subarray(0, points),
    truePositives: truePositives.subarray(0, points),
    falsePositives: falsePositives.subarray(0, points),
  };
}
