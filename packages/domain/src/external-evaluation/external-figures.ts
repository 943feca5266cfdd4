/** The figures of a model on patients of another dataset, at the threshold that it brought along. */
import {
  type EvaluationMetrics,
  type EvaluationWithIntervals,
  evaluateWithIntervals,
} from '../evaluation/evaluation.ts';
import type { Scored } from '../metrics/scored.ts';
import { fitCalibrationLine } from '../statistics/calibration-line.ts';

export type ExternalMetrics = EvaluationMetrics & {
  calibrationIntercept: number | null;
  calibrationSlope: number | null;
};

export type ExternalFigures = {
  metrics: ExternalMetrics;
  /** 95 % by patient, by metric name; a metric that is null has none. */
  intervals: EvaluationWithIntervals['intervals'];
};

/** The metrics of an evaluation with intercept and slope of its calibration, all with intervals by patient. */
export function measureExternally(request: {
  scored: Scored;
  threshold: number;
  draws: number;
  seed: number;
}): ExternalFigures {
  const { metrics, intervals } = evaluateWithIntervals(request);
  const { intercept, slope } = fitCalibrationLine(request.scored);
  return {
    metrics: {
      ...metrics,
      calibrationIntercept: intercept?.value ?? null,
      calibrationSlope: slope?.value ?? null,
    },
    intervals: {
      ...intervals,
      ...(intercept ? { calibrationIntercept: intercept.interval } : {}),
      ...(slope ? { calibrationSlope: slope.interval } : {}),
    },
  };
}
