/** A sweep as it is kept: what was asked for, its other options among it, and what follows from it. */
import type { SweepMetric } from '../metrics/metric.ts';
import type { Rung } from './halving.ts';

export type SweepDefinition = {
  /** By which its runs are ranked, on VALIDATION. */
  metric: SweepMetric;
  /** HALVING: how many runs of how many epochs follow each other; empty in the others. */
  rungs: Rung[];
  splitIds: string[];
  /** Hyperparameter → its values or its range. */
  space?: Record<string, unknown>;
};
