/**
 * What the neighbours add on one side of a split: the metrics of the patches that have a context, by their own probability
 * and by that in context, each at its threshold.
 */
import { type EvaluationMetrics, evaluate } from '../evaluation/evaluation.ts';
import { type ContextStep, type PlacedScores, readInContext } from './context-step.ts';

export type ContextEvaluation = {
  step: ContextStep;
  /** Patches on slides where too few have a neighbour: they have no context, and neither figure counts them. */
  leftOut: number;
  own: EvaluationMetrics;
  inContext: EvaluationMetrics;
};

/** Null where no slide has enough neighbours. */
export function evaluateInContext({
  subject,
  step,
  ownThreshold,
}: {
  subject: PlacedScores;
  /** Chosen on VALIDATION. */
  step: ContextStep;
  ownThreshold: number;
}): ContextEvaluation | null {
  const { own, inContext } = readInContext(subject, step);
  if (own.labels.length === 0) return null;
  return {
    step,
    leftOut: subject.scored.labels.length - own.labels.length,
    own: evaluate({ scored: own, threshold: ownThreshold }),
    inContext: evaluate({ scored: inContext, threshold: step.threshold }),
  };
}
