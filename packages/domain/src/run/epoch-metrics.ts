/**
 * What is measured on VALIDATION after every epoch: the loss, and each metric of an evaluation. Any of them can be
 * monitored; hyperparameters, worker and forms read this list.
 */
import { METRICS, type RunMetric } from '../metrics/metric.ts';

export type EpochMetric = 'loss' | RunMetric;

/** In the order in which they are offered. */
export const EPOCH_METRICS = METRICS.filter(({ canMonitor }) => canMonitor).map(
  ({ name }) => name as EpochMetric,
);

/** Their names among the metrics of a run: `validation.auc`, `validation.macro.brier`. */
export type Monitor = `validation.${EpochMetric}`;

export const MONITORS: readonly Monitor[] = EPOCH_METRICS.map((metric) => `validation.${metric}` as const);
