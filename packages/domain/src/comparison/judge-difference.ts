/**
 * The verdict that a paired difference (a minus b) supports, and its words. Page, paper, model card and command
 * line show this verdict and decide nothing themselves.
 */
import { isSmallerBetter } from '../metrics/metric.ts';
import type { Interval } from '../statistics/binomial-interval.ts';
import { hasFewPatients } from '../statistics/few-patients.ts';
import type { SplittingUnit } from '../unit/splitting-unit.ts';
import { nameUnit } from '../unit/unit-words.ts';

const SIGNIFICANCE_LEVEL = 0.05;

/**
 * UNDEFINED: there is no interval. NOT_TOLD_APART: the interval holds 0. NOT_AFTER_HOLM: one leads, but an adjusted
 * p-value does not confirm it. FEW_PATIENTS: one leads, on too few patients to call it better. BETTER: one is better.
 */
export type DifferenceVerdictKind =
  | 'UNDEFINED'
  | 'NOT_TOLD_APART'
  | 'NOT_AFTER_HOLM'
  | 'FEW_PATIENTS'
  | 'BETTER';

export type DifferenceVerdict = {
  kind: DifferenceVerdictKind;
  /** The side that leads; null where neither does. */
  leader: 'a' | 'b' | null;
};

export type PairedDifference = {
  metric: string;
  /** 95 % interval of a minus b, by patient; null where there is none. */
  interval: Interval | null;
  /** The patients that both were tested on. */
  patients: number;
  /**
   * The p-value after each adjustment that applies: over the metrics of a pair, over the pairs of a comparison. All of
   * them must hold. Empty for a single question that was fixed before the figures were seen.
   */
  adjustedPs: readonly (number | null)[];
};

/** The interval decides, not the point estimate: if it holds 0, these patients cannot tell the two apart. */
export function judgeDifference({
  metric,
  interval,
  patients,
  adjustedPs,
}: PairedDifference): DifferenceVerdict {
  if (!interval) return { kind: 'UNDEFINED', leader: null };
  const [low, high] = interval;
  if (low <= 0 && high >= 0) return { kind: 'NOT_TOLD_APART', leader: null };
  const leader = low > 0 !== isSmallerBetter(metric) ? 'a' : 'b';
  if (adjustedPs.some((p) => p !== null && p >= SIGNIFICANCE_LEVEL))
    return { kind: 'NOT_AFTER_HOLM', leader };
  return { kind: hasFewPatients(patients) ? 'FEW_PATIENTS' : 'BETTER', leader };
}

/** The verdict in words: "deep leads, but not after Holm". */
export function describeVerdict(
  { kind, leader }: DifferenceVerdict,
  { unit, ...names }: Record<'a' | 'b', string> & { unit: SplittingUnit },
): string {
  const name = leader === null ? '' : names[leader];
  switch (kind) {
    case 'UNDEFINED':
      return 'undefined';
    case 'NOT_TOLD_APART':
      return 'not told apart';
    case 'NOT_AFTER_HOLM':
      return `${name} leads, but not after Holm`;
    case 'FEW_PATIENTS':
      return `${name} leads, on few ${nameUnit(unit).many}`;
    case 'BETTER':
      return `${name} is better`;
  }
}
