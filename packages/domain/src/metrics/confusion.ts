/**
 * The four counts at a threshold, and the metrics that follow from them. What is positive is the task's. A metric whose
 * denominator is 0 (a class that does not occur, nothing called) is null, never NaN and never 0.
 */
import type { ThresholdMetric } from './metric.ts';
import type { Labelled } from './scored.ts';

export type Confusion = { tp: number; fp: number; tn: number; fn: number };

/** Null where undefined: precision without calls, F1 without positive patches, MCC and kappa without both classes. */
export type ClassificationMetrics = Record<ThresholdMetric, number | null>;

/** Counts at a threshold: a patch is called positive where its probability is at least the threshold. */
export function confusionAt({ scored, threshold }: { scored: Labelled; threshold: number }): Confusion {
  const confusion = { tp: 0, fp: 0, tn: 0, fn: 0 };
  const { probabilities, labels } = scored;
  for (let index = 0; index < probabilities.length; index++) {
    const isCalled = (probabilities[index] as number) >= threshold;
    if (labels[index] === 1) isCalled ? confusion.tp++ : confusion.fn++;
    else isCalled ? confusion.fp++ : confusion.tn++;
  }
  return confusion;
}

/**
 * Every metric of calls. MCC is Matthews' (1975), phi of the two-by-two table, and 0 when all patches are called
 * alike; kappa is Cohen's (1960), agreement beyond that of the margins.
 */
export function classificationMetrics({ tp, fp, tn, fn }: Confusion): ClassificationMetrics {
  const total = tp + fp + tn + fn;
  const hasBothClasses = tp + fn > 0 && tn + fp > 0;
  const sensitivity = divide(tp, tp + fn);
  const specificity = divide(tn, tn + fp);
  return {
    accuracy: divide(tp + tn, total),
    balancedAccuracy: sensitivity === null || specificity === null ? null : (sensitivity + specificity) / 2,
    sensitivity,
    specificity,
    ppv: divide(tp, tp + fp),
    npv: divide(tn, tn + fn),
    f1: tp + fn > 0 ? (2 * tp) / (2 * tp + fp + fn) : null,
    mcc: hasBothClasses ? correlate({ tp, fp, tn, fn }) : null,
    kappa: hasBothClasses ? agreeBeyondChance({ tp, fp, tn, fn }) : null,
  };
}

/**
 * F1 averaged over both classes, as some papers report it: plainly (macro) or by class size (weighted).
 * Neither compares with the F1 of the positive class. Null when a class is missing.
 */
export function averagedF1({ tp, fp, tn, fn }: Confusion): { weighted: number; macro: number } | null {
  const positives = tp + fn;
  const negatives = tn + fp;
  if (positives === 0 || negatives === 0) return null;
  const ofPositives = (2 * tp) / (2 * tp + fp + fn);
  const ofNegatives = (2 * tn) / (2 * tn + fp + fn);
  return {
    weighted: (positives * ofPositives + negatives * ofNegatives) / (positives + negatives),
    macro: (ofPositives + ofNegatives) / 2,
  };
}

/** Two square roots instead of the root of a product of four counts, which loses digits. */
function correlate({ tp, fp, tn, fn }: Confusion): number {
  const scale = Math.sqrt((tp + fp) * (tp + fn)) * Math.sqrt((tn + fp) * (tn + fn));
  return scale > 0 ? (tp * tn - fp * fn) / scale : 0;
}

function agreeBeyondChance({ tp, fp, tn, fn }: Confusion): number {
  const disagreementByChance = (tp + fp) * (tn + fp) + (tn + fn) * (tp + fn);
  return (2 * (tp * tn - fp * fn)) / disagreementByChance;
}

function divide(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}
