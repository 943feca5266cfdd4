/** Any metric of scored patches by its name. What several metrics share (counts, calls) is computed once. */

import { CALIBRATION_MEASURES } from './calibration-measures.ts';
import { type Confusion, classificationMetrics, confusionAt } from './confusion.ts';
import type { CalibrationMetric, PooledMetric, RankingMetric } from './metric.ts';
import { RANKING_MEASURES } from './ranking-measures.ts';
import { countByScore } from './roc.ts';
import type { Labelled } from './scored.ts';

type MeasuredPatches = {
  confusion: Confusion;
  /** Null where the metric is undefined. */
  measure: (metric: PooledMetric) => number | null;
};

export function measurePatches({
  scored,
  threshold,
}: {
  scored: Labelled;
  threshold: number;
}): MeasuredPatches {
  const confusion = confusionAt({ scored, threshold });
  const called = classificationMetrics(confusion);
  const counts = countByScore(scored);
  return {
    confusion,
    measure: (metric) => {
      if (isRanking(metric)) return RANKING_MEASURES[metric](counts);
      return isCalibration(metric) ? CALIBRATION_MEASURES[metric].measure(scored) : called[metric];
    },
  };
}

function isRanking(metric: PooledMetric): metric is RankingMetric {
  return metric in RANKING_MEASURES;
}

function isCalibration(metric: PooledMetric): metric is CalibrationMetric {
  return metric in CALIBRATION_MEASURES;
}
