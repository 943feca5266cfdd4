/**
 * What the neighbours add on one side of a split: the metrics of the patches that have a context, by their own probability
 * and by that in context, each at its threshold.
 */
import { type EvaluationMetrics, evaluate } from '../evaluation/evaluation.ts';
import type { ThresholdRule } from '../metrics/threshold.ts';
import { type ContextStep, chooseContext, type PlacedScores, readInContext } from './context-step.ts';

export type ContextEvaluation = {
  step: ContextStep;
  /** Patches on slides where too few have a neighbour: they have no context, and neither figure counts them. */
  leftOut: number;
  own: EvaluationMetrics;
  inContext: EvaluationMetrics;
};

/** Null where there is nothing to say: no slide of one of the sides has enough neighbours. */
export function evaluateInContext(request: {
  /** The step is chosen on these alone. */
  validation: PlacedScores;
  subject: PlacedScores;
  ownThreshold: number;
  rule: ThresholdRule;
  targetSensitivity: number;
}): ContextEvaluation | null {
  const { validation, subject, ownThreshold } = request;
  const step = chooseContext(validation, request);
  if (!step) return null;
  const { own, inContext } = readInContext(subject, step);
  if (own.labels.length === 0) return null;
  return {
    step,
    leftOut: subject.scored.labels.length - own.labels.length,
    own: evaluate({ scored: own, threshold: ownThreshold }),
    inContext: evaluate({ scored: inContext, threshold: step.threshold }),
  };
}
