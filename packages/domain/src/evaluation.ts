/**
 * The metrics of one run on one subset, pooled over patches and averaged over patients; positive class IDC.
 * A metric that is undefined there is null.
 */
import { brier, expectedCalibrationError, logLoss } from './calibration.ts';
import {
  type ClassificationMetrics,
  type Confusion,
  classificationMetrics,
  confusionAt,
} from './confusion.ts';
import { averageOverPatients, MACRO_METRICS, type MacroMetric, tabulatePatients } from './patient-table.ts';
import { averagePrecision, rocAuc } from './roc.ts';
import { checkScored, countClasses, type Scored } from './scored.ts';
import { sensitivityAtSpecificity } from './threshold.ts';

export type EvaluationMetrics = ClassificationMetrics & {
  auc: number | null;
  averagePrecision: number | null;
  brier: number | null;
  logLoss: number | null;
  /** Expected calibration error, 15 equal-width bins: probability of IDC against its frequency. */
  ece: number | null;
  /** The same over the larger of p and 1-p against the share of correct calls. */
  eceTopLabel: number | null;
  sensitivityAtSpecificity90: number | null;
  sensitivityAtSpecificity95: number | null;
  /** Share of positive patches. */
  prevalence: number | null;
  patches: number;
  patients: number;
  threshold: number;
  confusion: Confusion;
  /** Means over the patients that have the metric. */
  macro: Record<MacroMetric, number | null>;
  /** How many patients have it. */
  macroPatients: Record<MacroMetric, number>;
};

/** Everything about one set of predictions at one threshold. BAD_INPUT when the arrays do not line up. */
export function evaluate({ scored, threshold }: { scored: Scored; threshold: number }): EvaluationMetrics {
  checkScored(scored);
  const confusion = confusionAt({ scored, threshold });
  const rows = tabulatePatients({ scored, threshold });
  const patches = scored.labels.length;
  return {
    auc: rocAuc(scored),
    averagePrecision: averagePrecision(scored),
    ...classificationMetrics(confusion),
    brier: brier(scored),
    logLoss: logLoss(scored),
    ece: expectedCalibrationError(scored),
    eceTopLabel: expectedCalibrationError(scored, { definition: 'topLabel' }),
    sensitivityAtSpecificity90: sensitivityAtSpecificity(scored, 0.9)?.sensitivity ?? null,
    sensitivityAtSpecificity95: sensitivityAtSpecificity(scored, 0.95)?.sensitivity ?? null,
    prevalence: patches > 0 ? countClasses(scored.labels).positives / patches : null,
    patches,
    patients: rows.length,
    threshold,
    confusion,
    macro: mapMacro((metric) => averageOverPatients(rows, metric)),
    macroPatients: mapMacro((metric) => rows.filter((row) => row[metric] !== null).length),
  };
}

function mapMacro<T>(measure: (metric: MacroMetric) => T): Record<MacroMetric, T> {
  return Object.fromEntries(MACRO_METRICS.map((metric) => [metric, measure(metric)])) as Record<
    MacroMetric,
    T
  >;
}
