/**
 * The verdict on every metric of every tested pair. Several pairs are several questions, and the more one asks, the more
 * differences chance finds: p-values are adjusted over the pairs before a difference is judged.
 */
import { adjustHolm } from '../statistics/holm.ts';
import type { SplittingUnit } from '../unit/splitting-unit.ts';
import type { MetricDifference } from './compare-paired.ts';
import { type DifferenceVerdictKind, describeVerdict, judgeDifference } from './judge-difference.ts';

type NamedRun = { name: string };

type MeasuredPair = {
  a: NamedRun;
  b: NamedRun;
  /** What the dataset of both is split by. */
  unit: SplittingUnit;
  /** Patients that are paired. */
  sharedPatients: number;
  /** Empty where the pair was not tested. */
  metrics: readonly MetricDifference[];
};

export type JudgedMetric<Run = NamedRun> = MetricDifference & {
  /** After Holm over the tested pairs, for this metric. */
  acrossPairsP: number | null;
  verdict: { kind: DifferenceVerdictKind; leader: Run | null; text: string };
};

export type Judged<Pair extends MeasuredPair> = Omit<Pair, 'metrics'> & {
  metrics: JudgedMetric<Pair['a'] | Pair['b']>[];
};

/** A single pair needs no adjustment over pairs. */
export function judgePairs<Pair extends MeasuredPair>(pairs: readonly Pair[]): Judged<Pair>[] {
  const adjusted = adjustAcrossPairs(pairs);
  return pairs.map((pair) => ({
    ...pair,
    metrics: pair.metrics.map((metric) => {
      const acrossPairsP = adjusted.get(metric) ?? null;
      return { ...metric, acrossPairsP, verdict: judgeMetric(pair, { ...metric, acrossPairsP }) };
    }),
  }));
}

/** Metric by metric over all pairs that have a p-value. */
function adjustAcrossPairs(pairs: readonly MeasuredPair[]): Map<MetricDifference, number> {
  const tested = pairs.flatMap(({ metrics }) => metrics.filter(({ pValue }) => pValue !== null));
  const adjusted = new Map<MetricDifference, number>();
  for (const name of new Set(tested.map(({ metric }) => metric))) {
    const questions = tested.filter(({ metric }) => metric === name);
    const values = adjustHolm(questions.map(({ pValue }) => pValue ?? 1));
    for (const [at, question] of questions.entries()) adjusted.set(question, values[at] ?? 1);
  }
  return adjusted;
}

function judgeMetric<Pair extends MeasuredPair>(
  { a, b, unit, sharedPatients }: Pair,
  { metric, interval, adjustedP, acrossPairsP }: MetricDifference & { acrossPairsP: number | null },
): JudgedMetric<Pair['a'] | Pair['b']>['verdict'] {
  const adjustedPs = [adjustedP, acrossPairsP];
  const { kind, leader } = judgeDifference({ metric, interval, patients: sharedPatients, adjustedPs });
  const text = describeVerdict({ kind, leader }, { a: a.name, b: b.name, unit });
  return { kind, leader: leader && { a, b }[leader], text };
}
