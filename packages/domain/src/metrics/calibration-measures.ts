/**
 * How each metric of calibration is computed: from all patches at once, and from sums over patches, as a resample
 * of patients has them. To add one, write a function or two and a line in the table.
 */
import {
  binOf,
  brier,
  CALIBRATION_BIN_COUNT,
  type CalibrationDefinition,
  expectedCalibrationError,
  logError,
  logLoss,
  outcomeOf,
  squaredError,
} from './calibration.ts';
import type { CalibrationMetric } from './metric.ts';
import type { Labelled } from './scored.ts';

type Patch = { probability: number; label: number };

export type CalibrationMeasure = {
  /** Null without patches. */
  measure: (scored: Labelled) => number | null;
  /** How many sums it needs. */
  sumCount: number;
  /** Adds a patch to its sums, of which the first is `sums[at]`. */
  add: (sums: Float64Array, at: number, patch: Patch) => void;
  /** Its value from the sums over this many patches. */
  read: (sums: Float64Array, at: number, patches: number) => number;
};

export const CALIBRATION_MEASURES: Readonly<Record<CalibrationMetric, CalibrationMeasure>> = {
  brier: averageErrors(brier, squaredError),
  logLoss: averageErrors(logLoss, logError),
  ece: averageGaps('positive'),
  eceTopLabel: averageGaps('topLabel'),
};

function averageErrors(
  measure: CalibrationMeasure['measure'],
  errorOf: (probability: number, label: number) => number,
): CalibrationMeasure {
  return {
    measure,
    sumCount: 1,
    add: (sums, at, { probability, label }) => {
      sums[at] = (sums[at] as number) + errorOf(probability, label);
    },
    read: (sums, at, patches) => (sums[at] as number) / patches,
  };
}

/** By bin: confidences less outcomes, whose sum is that of the bin's patches times its gap. */
function averageGaps(definition: CalibrationDefinition): CalibrationMeasure {
  return {
    measure: (scored) => expectedCalibrationError(scored, { definition }),
    sumCount: CALIBRATION_BIN_COUNT,
    add: (sums, at, { probability, label }) => {
      const { confidence, outcome } = outcomeOf(definition, probability, label);
      const bin = at + binOf(confidence);
      sums[bin] = (sums[bin] as number) + (confidence - outcome);
    },
    read: (sums, at, patches) => {
      let gaps = 0;
      for (let bin = at; bin < at + CALIBRATION_BIN_COUNT; bin++) gaps += Math.abs(sums[bin] as number);
      return gaps / patches;
    },
  };
}
