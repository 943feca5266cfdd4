/**
 * The gate before a model is used. Each rule gives its figure and a sentence; a failed safety rule can never
 * be overridden, a failed quality rule only with a recorded reason, a warning stops nobody. All intervals
 * are by patient, from predictions of TEST.
 */
import { z } from 'zod';
import { AppError } from './app-error.ts';
import type { Interval } from './binomial-interval.ts';
import type { EvaluationMetrics } from './evaluation.ts';
import type { RunStatus } from './run-status.ts';
import type { SplitKind } from './split.ts';

const policySchema = z.strictObject({
  minimumTestPatients: z
    .int()
    .min(0)
    .max(100_000)
    .describe('Fewer TEST patients than this give a warning.')
    .default(20),
  championAucMargin: share({
    fallback: 0.02,
    max: 0.5,
    about: 'The interval of the AUC difference must exclude being worse than the champion by more than this.',
  }),
  maximumEce: share({
    fallback: 0.1,
    max: 1,
    about: 'Largest expected calibration error on TEST (15 bins).',
  }),
  maximumTestOpenings: z
    .int()
    .min(0)
    .max(100_000)
    .describe("More openings of the split's TEST than this give a warning: it wears out as a test.")
    .default(10),
  requireAudit: z
    .boolean()
    .describe('Whether a split without a leakage audit is refused; a failed audit always is.')
    .default(true),
});

export type PromotionPolicy = z.output<typeof policySchema>;

export type RuleKind = 'safety' | 'quality' | 'warning';

export type RuleVerdict = {
  rule: string;
  kind: RuleKind;
  passed: boolean;
  /** What decided, as JSON; null where there was nothing to measure. */
  figure: unknown;
  sentence: string;
};

export type PromotionVerdict = {
  allowed: boolean;
  /** Not allowed, but only by rules of quality: somebody may go on with a reason. */
  canOverride: boolean;
  rules: RuleVerdict[];
  /** The sentences of the rules that refuse; empty when allowed. */
  reasons: string[];
};

/** A difference of TEST AUC (candidate minus the other) on the patients that both have. */
export type AucGap = { difference: number; interval: Interval | null; sharedPatients: number };

export type PromotionCandidate = {
  runStatus: RunStatus;
  splitKind: SplitKind;
  /** The evaluation of TEST with its intervals; null while TEST is sealed for this run. */
  test: { metrics: EvaluationMetrics; intervals: Record<string, Interval> } | null;
  /** How often TEST of this split has been opened, over all runs. */
  splitTestOpenings?: number;
  audit?: { passed: boolean; reasons: readonly string[] } | null;
  /** Against `colour-baseline` on the same split, where there is one. */
  againstBaseline?: AucGap | null;
};

/** The version that holds the alias; null in place of it when there is none. */
export type PromotionChampion = { name: string; gap: AucGap | null };

type Judgement = {
  policy: PromotionPolicy;
  candidate: PromotionCandidate;
  champion: PromotionChampion | null;
};

/** Completes a policy with defaults. BAD_INPUT names an unknown rule or a bound out of range. */
export function parsePromotionPolicy(input: unknown): PromotionPolicy {
  const result = policySchema.safeParse(input ?? {});
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) =>
    [path.join('.'), message].filter(Boolean).join(': '),
  );
  throw new AppError('BAD_INPUT', `The promotion policy does not fit. ${faults.join('. ')}.`, {
    details: { issues: faults },
  });
}

/** The policy as JSON Schema: descriptions, defaults and ranges for a form. */
export function promotionPolicyJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(policySchema, { io: 'input' }) as Record<string, unknown>;
}

/** Judges a candidate by every rule that applies. */
export function judgePromotion(judgement: Judgement): PromotionVerdict {
  const rules = [
    judgeSplit(judgement),
    judgeStatus(judgement),
    judgeOpening(judgement),
    ...judgeAudit(judgement),
    ...judgeAgainstNo(judgement),
    ...judgeAgainstBaseline(judgement),
    ...judgeAgainstChampion(judgement),
    ...judgeCalibration(judgement),
    ...judgePatients(judgement),
    ...judgeOpenings(judgement),
  ];
  const refusing = rules.filter(({ kind, passed }) => !passed && kind !== 'warning');
  return {
    allowed: refusing.length === 0,
    canOverride: refusing.length > 0 && refusing.every(({ kind }) => kind === 'quality'),
    rules,
    reasons: refusing.map(({ sentence }) => sentence),
  };
}

function judgeSplit({ candidate: { splitKind } }: Judgement): RuleVerdict {
  const passed = splitKind === 'PATIENT';
  const sentence = passed
    ? 'The split is by patient.'
    : 'The split is by patch, so patients are on several sides and its figures flatter: no run on it can be promoted.';
  return { rule: 'honest-split', kind: 'safety', passed, figure: splitKind, sentence };
}

function judgeStatus({ candidate: { runStatus } }: Judgement): RuleVerdict {
  const passed = runStatus === 'SUCCEEDED';
  const sentence = passed
    ? 'The run succeeded.'
    : `The run is ${runStatus}; only a run that SUCCEEDED can be promoted.`;
  return { rule: 'run-succeeded', kind: 'safety', passed, figure: runStatus, sentence };
}

function judgeOpening({ candidate: { test } }: Judgement): RuleVerdict {
  const passed = test !== null;
  const sentence = passed
    ? 'TEST has been opened for this run.'
    : 'TEST is still sealed for this run: open it to see how the run does on unseen patients.';
  return { rule: 'test-opened', kind: 'safety', passed, figure: null, sentence };
}

function judgeAudit({ policy, candidate: { audit } }: Judgement): RuleVerdict[] {
  if (audit) {
    const sentence = audit.passed
      ? 'The leakage audit of the split passed.'
      : `The leakage audit of the split failed: ${audit.reasons.join(' ')}`;
    return [{ rule: 'audit-passed', kind: 'safety', passed: audit.passed, figure: audit.passed, sentence }];
  }
  const kind = policy.requireAudit ? 'safety' : 'warning';
  const sentence = 'No leakage audit of the split has been made.';
  return [{ rule: 'audit-passed', kind, passed: false, figure: null, sentence }];
}

/** Always saying no has balanced accuracy and AUC of one half: both intervals must lie above. */
function judgeAgainstNo({ candidate: { test } }: Judgement): RuleVerdict[] {
  if (!test) return [];
  const { auc, balancedAccuracy } = test.intervals;
  const passed = Boolean(auc && balancedAccuracy && auc[0] > 0.5 && balancedAccuracy[0] > 0.5);
  const shown = `AUC ${describeInterval(auc)}, balanced accuracy ${describeInterval(balancedAccuracy)}`;
  const sentence = passed
    ? `On TEST it is better than always saying no: ${shown}.`
    : `On TEST it is not shown to be better than always saying no, which has 0.5 of both: ${shown}.`;
  const figure = { auc: auc ?? null, balancedAccuracy: balancedAccuracy ?? null };
  return [{ rule: 'better-than-always-no', kind: 'quality', passed, figure, sentence }];
}

function judgeAgainstBaseline({ candidate: { test, againstBaseline } }: Judgement): RuleVerdict[] {
  if (!test || !againstBaseline) return [];
  const passed = againstBaseline.interval !== null && againstBaseline.interval[0] > 0;
  const sentence =
    `On TEST it ${passed ? 'is' : 'is not shown to be'} better than colour-baseline: ` +
    `AUC differs by ${describeGap(againstBaseline)}.`;
  return [
    { rule: 'better-than-colour-baseline', kind: 'quality', passed, figure: againstBaseline, sentence },
  ];
}

function judgeAgainstChampion({ policy, candidate: { test }, champion }: Judgement): RuleVerdict[] {
  if (!test || !champion) return [];
  const rule = { rule: 'not-worse-than-champion', kind: 'quality' } as const;
  const { gap, name } = champion;
  if (!gap?.interval || gap.sharedPatients === 0) {
    const sentence = `It cannot be compared with the champion ${name}: they share no TEST patients on which both can be judged.`;
    return [{ ...rule, passed: false, figure: null, sentence }];
  }
  const margin = policy.championAucMargin;
  const passed = gap.interval[0] > -margin;
  const sentence =
    `On ${countPatients(gap.sharedPatients)} shared with the champion ${name}, AUC differs by ${describeGap(gap)}, ` +
    `which ${passed ? 'excludes' : 'does not exclude'} being worse by more than ${margin}.`;
  return [{ ...rule, passed, figure: gap, sentence }];
}

function judgeCalibration({ policy, candidate: { test } }: Judgement): RuleVerdict[] {
  if (!test) return [];
  const { ece } = test.metrics;
  const passed = ece !== null && ece <= policy.maximumEce;
  const sentence =
    ece === null
      ? 'Its calibration on TEST could not be measured.'
      : `Its expected calibration error on TEST is ${ece.toFixed(3)}; at most ${policy.maximumEce} is asked for.`;
  return [{ rule: 'calibrated', kind: 'quality', passed, figure: ece, sentence }];
}

function judgePatients({ policy, candidate: { test } }: Judgement): RuleVerdict[] {
  if (!test) return [];
  const { patients } = test.metrics;
  const passed = patients >= policy.minimumTestPatients;
  const sentence = passed
    ? `TEST has ${countPatients(patients)}.`
    : `TEST has ${countPatients(patients)}; with fewer than ${policy.minimumTestPatients} every interval is shaky.`;
  return [{ rule: 'enough-test-patients', kind: 'warning', passed, figure: patients, sentence }];
}

function judgeOpenings({ policy, candidate: { splitTestOpenings } }: Judgement): RuleVerdict[] {
  if (splitTestOpenings === undefined) return [];
  const passed = splitTestOpenings <= policy.maximumTestOpenings;
  const times = splitTestOpenings === 1 ? 'once' : `${splitTestOpenings} times`;
  const sentence = `TEST of this split has been opened ${times}${passed ? '.' : ': it wears out as a test.'}`;
  return [{ rule: 'few-test-openings', kind: 'warning', passed, figure: splitTestOpenings, sentence }];
}

function describeGap({ difference, interval }: AucGap): string {
  return `${difference.toFixed(3)} (95 % interval by patient ${describeInterval(interval)})`;
}

function describeInterval(interval: Interval | null | undefined): string {
  return interval ? `${interval[0].toFixed(3)} to ${interval[1].toFixed(3)}` : 'without an interval';
}

function countPatients(count: number): string {
  return count === 1 ? '1 patient' : `${count} patients`;
}

function share({ fallback, max, about }: { fallback: number; max: number; about: string }) {
  return z.number().min(0).max(max).describe(about).default(fallback);
}
