/**
 * What the neighbours add on one side of a split or in an exam: the metrics of the patches that have a context, by their own
 * probability and by that in context, each at its threshold, and the paired difference of the two with its verdict.
 */
import { comparePaired, type MetricDifference, measureSide } from '../comparison/compare-paired.ts';
import {
  type DifferenceVerdictKind,
  describeVerdict,
  judgeDifference,
} from '../comparison/judge-difference.ts';
import type { EvaluationMetrics } from '../evaluation/evaluation.ts';
import { EVALUATION_DRAWS, EVALUATION_SEED } from '../evaluation/evaluation-draws.ts';
import type { Interval } from '../statistics/binomial-interval.ts';
import { warnOfFewPatients } from '../statistics/few-patients.ts';
import type { SplittingUnit } from '../unit/splitting-unit.ts';
import { type ContextStep, type PlacedScores, readInContext } from './context-step.ts';

/** Said wherever figures in context would stand and there are none. */
export const NOTHING_TO_SAY =
  'Nothing to say with neighbours: the source tells no places, fewer than half the patches of each slide have a neighbour, or a class is missing.';

const NAMES = { a: 'the probability in context', b: 'the patch’s own' };

type ContextSide = {
  metrics: EvaluationMetrics;
  /** 95 %, by patient, by metric name; a metric that is null has none. */
  intervals: Record<string, Interval>;
};

/** In context (a) minus the patch's own (b), on the same patches. */
export type ContextGain = MetricDifference & {
  verdict: { kind: DifferenceVerdictKind; text: string };
};

export type ContextEvaluation = {
  step: ContextStep;
  /** Patches on slides where too few have a neighbour: they have no context, and neither figure counts them. */
  leftOut: number;
  own: ContextSide;
  inContext: ContextSide;
  /** Of the metrics that both have. */
  gains: ContextGain[];
  /** Why intervals and verdicts are not to be trusted; null where they are. */
  caution: string | null;
};

type ContextRequest = {
  subject: PlacedScores;
  /** Chosen on VALIDATION. */
  step: ContextStep;
  ownThreshold: number;
  unit: SplittingUnit;
  /** On VALIDATION the gain flatters, and its verdict says so. */
  isChosenHere: boolean;
};

/** Null where no slide has enough neighbours. `measure` may remember what it measured. */
export function evaluateInContext(
  { subject, step, ownThreshold, unit, isChosenHere }: ContextRequest,
  measure = measureSide,
): ContextEvaluation | null {
  const { own, inContext } = readInContext(subject, step);
  if (own.labels.length === 0) return null;
  const paired = comparePaired(
    {
      a: inContext.probabilities,
      b: own.probabilities,
      labels: own.labels,
      patients: own.patients,
      thresholdA: step.threshold,
      thresholdB: ownThreshold,
      draws: EVALUATION_DRAWS,
      seed: EVALUATION_SEED,
    },
    measure,
  );
  const judge = (difference: MetricDifference) =>
    judgeGain(difference, { patients: paired.patientCount, unit, isChosenHere });
  return {
    step,
    leftOut: subject.scored.labels.length - own.labels.length,
    own: { metrics: paired.b, intervals: paired.intervalsB },
    inContext: { metrics: paired.a, intervals: paired.intervalsA },
    gains: paired.differences.map((difference) => ({ ...difference, verdict: judge(difference) })),
    caution: warnOfFewPatients(paired.patientCount, unit),
  };
}

/** Whether AUC rises is a question fixed before any figure was seen; the other metrics are adjusted for one another. */
export function judgeGain(
  { metric, interval, adjustedP }: MetricDifference,
  { patients, unit, isChosenHere }: { patients: number } & Pick<ContextRequest, 'unit' | 'isChosenHere'>,
): ContextGain['verdict'] {
  const adjustedPs = metric === 'auc' ? [] : [adjustedP];
  const verdict = judgeDifference({ metric, interval, patients, adjustedPs });
  const text = describeVerdict(verdict, { ...NAMES, unit });
  const isFlattered = isChosenHere && verdict.leader === 'a';
  return { kind: verdict.kind, text: isFlattered ? `${text}, where it was chosen` : text };
}
