/** A sweep as it is stored: what was asked for, with all its options, and what follows from it. */
import type { SweepMetric } from '../metrics/metric.ts';
import type { Rung } from './halving.ts';

export type SweepDefinition = {
  /** The metric on VALIDATION that ranks its runs. */
  metric: SweepMetric;
  /** HALVING: the rungs, each with its number of runs and epochs; empty in the others. */
  rungs: Rung[];
  splitIds: string[];
  /** Hyperparameter → its values or its range. */
  space?: Record<string, unknown>;
};
