/** The figures of a model on patients of another dataset, at the threshold that it brought along, and those next to them. */
import {
  type EvaluationMetrics,
  type EvaluationWithIntervals,
  evaluateWithIntervals,
} from '../evaluation/evaluation.ts';
import type { RecalibrationMetric } from '../metrics/metric.ts';
import type { Scored } from '../metrics/scored.ts';
import { type CalibrationLine, fitCalibrationLine } from '../statistics/calibration-line.ts';

export type ExternalMetrics = EvaluationMetrics & Record<RecalibrationMetric, number | null>;

export type ExternalFigures = {
  metrics: ExternalMetrics;
  /** 95 %, by the unit of the dataset, by metric name; a metric that is null has none. */
  intervals: EvaluationWithIntervals['intervals'];
};

/** The metrics of an evaluation with intercept and slope of its calibration, all with intervals. */
export function measureExternally(request: {
  scored: Scored;
  threshold: number;
  draws: number;
  seed: number;
}): ExternalFigures {
  return addCalibrationLine(evaluateWithIntervals(request), fitCalibrationLine(request.scored));
}

/** The figures of an evaluation with what its calibration line adds. */
export function addCalibrationLine(
  { metrics, intervals }: Pick<EvaluationWithIntervals, 'metrics' | 'intervals'>,
  { intercept, slope }: CalibrationLine,
): ExternalFigures {
  return {
    metrics: {
      ...metrics,
      calibrationIntercept: intercept?.value ?? null,
      calibrationSlope: slope?.value ?? null,
    },
    intervals: {
      ...intervals,
      ...(intercept?.interval ? { calibrationIntercept: intercept.interval } : {}),
      ...(slope?.interval ? { calibrationSlope: slope.interval } : {}),
    },
  };
}
