/**
 * The gate before a model is used. Each rule gives its figure and a sentence; a failed safety rule can never
 * be overridden, a failed quality rule only with a recorded reason, and a warning never stops a promotion. All intervals
 * are by the dataset's unit, from predictions of TEST.
 */

import { type DifferenceVerdict, judgeDifference } from '../comparison/judge-difference.ts';
import type { EvaluationMetrics } from '../evaluation/evaluation.ts';
import type { Learning } from '../evaluation/learning.ts';
import { type ExternalModelEvidence, judgeCheckedModel } from '../model-check/judge-checked-model.ts';
import type { RunStatus } from '../run/run-status.ts';
import type { SplitKind } from '../split/split.ts';
import type { Interval } from '../statistics/binomial-interval.ts';
import type { SplittingUnit } from '../unit/splitting-unit.ts';
import { countUnits, hasUnits, nameIndependent, nameUnit } from '../unit/unit-words.ts';
import { type ExternalResult, judgeExternalResults } from './external-validation.ts';
import { type ContextOfCandidate, judgeContext, sayContext } from './judge-context.ts';
import { acceptsUnit, type PromotionPolicy } from './promotion-policy.ts';

/** The network of hand-made colour features that a real one must beat. */
export const COLOUR_BASELINE = 'colour-baseline';

type RuleKind = 'safety' | 'quality' | 'warning';

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
  /** Refused only by rules of quality: it can be overridden with a reason. */
  canOverride: boolean;
  rules: RuleVerdict[];
  /** The sentences of the rules that refuse; empty when allowed. */
  reasons: string[];
};

/** A difference of TEST AUC (candidate minus the other) on the patients that both have. */
export type AucGap = { difference: number; interval: Interval | null; sharedPatients: number };

export type PromotionCandidate = {
  architecture: string;
  runStatus: RunStatus;
  /** Of an external program's run alone. */
  externalModel?: ExternalModelEvidence;
  splitKind: SplitKind;
  /** What the dataset is split by. */
  unit: SplittingUnit;
  /** The evaluation of TEST with its intervals, in context where that is READ; null while TEST is sealed for this run. */
  test: { metrics: EvaluationMetrics; intervals: Record<string, Interval> } | null;
  /** Left out where the policy does not ask for figures in context. */
  context?: ContextOfCandidate;
  /** Whether the run has learned, by its VALIDATION; left out before it is evaluated. */
  learning?: Learning;
  /** How often TEST of this split has been opened, over all runs. */
  splitTestOpenings?: number;
  audit?: { passed: boolean; reasons: readonly string[] } | null;
  /** The colour-baseline run on the same split whose TEST is open, and the gap to it; null where there is none. */
  baseline?: { runName: string; gap: AucGap | null } | null;
  externalResults?: readonly ExternalResult[];
};

/** The version that holds the alias; null in place of it when there is none. */
export type PromotionChampion = { name: string; gap: AucGap | null };

type Judgement = {
  policy: PromotionPolicy;
  candidate: PromotionCandidate;
  champion: PromotionChampion | null;
};

/** Judges a candidate by every rule that applies. */
export function judgePromotion(judgement: Judgement): PromotionVerdict {
  return summarizeRules(judgeRules(judgement));
}

/**
 * Judges a version that held the alias before. Safety rules apply as always; quality rules only warn, because a champion
 * that does harm has to go at once, and they were checked when the version was first promoted.
 */
export function judgeRollback(judgement: Omit<Judgement, 'champion'>): PromotionVerdict {
  const rules = judgeRules({ ...judgement, champion: null });
  return summarizeRules(rules.map((rule) => (rule.kind === 'quality' ? { ...rule, kind: 'warning' } : rule)));
}

function judgeRules(judgement: Judgement): RuleVerdict[] {
  return [
    judgeSplit(judgement),
    judgeUnit(judgement),
    ...judgeAudit(judgement),
    judgeStatus(judgement),
    ...judgeCheckedModel(judgement.candidate.externalModel),
    ...judgeLearned(judgement),
    judgeOpening(judgement),
    ...judgeContext(judgement.candidate),
    ...judgeAgainstMajority(judgement),
    ...judgeAgainstBaseline(judgement),
    ...judgeAgainstChampion(judgement),
    ...judgeCalibration(judgement),
    ...judgeExternally(judgement),
    ...judgePatients(judgement),
    ...judgeOpenings(judgement),
  ];
}

function summarizeRules(rules: RuleVerdict[]): PromotionVerdict {
  const refusing = rules.filter(({ kind, passed }) => !passed && kind !== 'warning');
  return {
    allowed: refusing.length === 0,
    canOverride: refusing.length > 0 && refusing.every(({ kind }) => kind === 'quality'),
    rules,
    reasons: refusing.map(({ sentence }) => sentence),
  };
}

function judgeSplit({ candidate: { splitKind, unit } }: Judgement): RuleVerdict {
  const passed = splitKind === 'PATIENT';
  const { by, many } = nameUnit(unit);
  const why = hasUnits(unit) ? `${many} are on several sides` : 'whose they are is unknown';
  const sentence = passed
    ? `The split is ${by}.`
    : `The split is by patch, so ${why} and its figures flatter: no run on it can be promoted.`;
  return { rule: 'honest-split', kind: 'safety', passed, figure: passed ? unit : splitKind, sentence };
}

/** What the policy accepts in the place of patients is said on record. */
function judgeUnit({ policy, candidate: { unit } }: Judgement): RuleVerdict {
  const passed = acceptsUnit(policy, unit);
  const { by, many } = nameUnit(unit);
  const sentences = {
    known: 'Its dataset tells patients.',
    accepted: `Patients are unknown: its dataset is split ${by}, which the policy accepts.`,
    refused: `Patients are unknown: its dataset is split ${by}, and the policy does not accept ${many}.`,
    unknown: 'Patients are unknown, and nothing else in the dataset keeps them together.',
  };
  const accepted = unit === 'PATIENT' ? sentences.known : sentences.accepted;
  const refused = unit === 'NONE' ? sentences.unknown : sentences.refused;
  return {
    rule: 'patients-known',
    kind: 'safety',
    passed,
    figure: unit,
    sentence: passed ? accepted : refused,
  };
}

function judgeStatus({ candidate: { runStatus } }: Judgement): RuleVerdict {
  const passed = runStatus === 'SUCCEEDED';
  const sentence = passed
    ? 'The run succeeded.'
    : `The run is ${runStatus}; only a run that SUCCEEDED can be promoted.`;
  return { rule: 'run-succeeded', kind: 'safety', passed, figure: runStatus, sentence };
}

function judgeLearned({ candidate: { learning } }: Judgement): RuleVerdict[] {
  if (!learning) return [];
  const passed = learning.state !== 'NOT_LEARNED';
  const sentence = `${learning.title}. ${learning.reason}`;
  return [{ rule: 'has-learned', kind: 'warning', passed, figure: learning.state, sentence }];
}

/** There cannot be more than one evaluation: the database keeps one for each run, and it never changes. */
function judgeOpening({ candidate: { test } }: Judgement): RuleVerdict {
  const passed = test !== null;
  const sentence = passed
    ? 'TEST has been opened and evaluated exactly once for this run.'
    : 'TEST is still sealed for this run: open it to see how the run does on unseen data.';
  return { rule: 'test-evaluated-once', kind: 'safety', passed, figure: passed ? 1 : 0, sentence };
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

/** Calling every patch the same has balanced accuracy and AUC of one half: both intervals must lie above. */
function judgeAgainstMajority({ candidate: { test, context } }: Judgement): RuleVerdict[] {
  if (!test) return [];
  const { auc, balancedAccuracy } = test.intervals;
  const passed = Boolean(auc && balancedAccuracy && auc[0] > 0.5 && balancedAccuracy[0] > 0.5);
  const shown = `AUC ${describeInterval(auc)}, balanced accuracy ${describeInterval(balancedAccuracy)}`;
  const sentence = passed
    ? `On TEST${sayContext(context)} it is better than always calling the majority class: ${shown}.`
    : `On TEST${sayContext(context)} it is not shown to be better than always calling the majority class, which has 0.5 of both: ${shown}.`;
  const figure = { auc: auc ?? null, balancedAccuracy: balancedAccuracy ?? null };
  return [{ rule: 'better-than-majority-class', kind: 'quality', passed, figure, sentence }];
}

function judgeAgainstBaseline({ policy, candidate }: Judgement): RuleVerdict[] {
  const { architecture, test, baseline, unit, context } = candidate;
  if (!test) return [];
  const rule = { rule: 'better-than-colour-baseline', kind: 'quality', passed: false, figure: null } as const;
  if (architecture === COLOUR_BASELINE) {
    const sentence = `It is a ${COLOUR_BASELINE} itself: a floor for others, which has learned colour alone.`;
    return [{ ...rule, kind: 'warning', figure: architecture, sentence }];
  }
  if (!baseline) {
    const kind = policy.requireColourBaseline ? 'quality' : 'warning';
    const sentence =
      `No ${COLOUR_BASELINE} run on this split has its TEST open, so it is not known whether the network has learned ` +
      'more than colour: train one, which takes a moment, and open its TEST.';
    return [{ ...rule, kind, sentence }];
  }
  const { runName, gap } = baseline;
  const other = `the ${COLOUR_BASELINE} run '${runName}'`;
  if (!gap) {
    const sentence = `On TEST${sayContext(context)} it cannot be compared with ${other}: AUC is not defined for both.`;
    return [{ ...rule, figure: { run: runName, gap }, sentence }];
  }
  const verdict = judgeGap(gap);
  const passed = verdict.leader === 'a';
  const sentence = `On TEST${sayContext(context)} ${describeLead(verdict, { other, unit })}: AUC differs by ${describeGap(gap, unit)}.`;
  return [{ ...rule, passed, figure: gap, sentence }];
}

/** The gate asks about AUC alone, a question fixed before TEST was opened: there is nothing to adjust for. */
function judgeGap({ interval, sharedPatients }: AucGap): DifferenceVerdict {
  return judgeDifference({ metric: 'auc', interval, patients: sharedPatients, adjustedPs: [] });
}

function describeLead(
  { kind, leader }: DifferenceVerdict,
  { other, unit }: { other: string; unit: SplittingUnit },
): string {
  if (leader !== 'a') return `it is not shown to be better than ${other}`;
  return kind === 'BETTER'
    ? `it is better than ${other}`
    : `it leads ${other}, on few ${nameUnit(unit).many}`;
}

function judgeAgainstChampion({ policy, candidate, champion }: Judgement): RuleVerdict[] {
  const { test, unit, context } = candidate;
  if (!test || !champion) return [];
  const rule = { rule: 'not-worse-than-champion', kind: 'quality' } as const;
  const { gap, name } = champion;
  if (!gap?.interval || gap.sharedPatients === 0) {
    const sentence = `It cannot be compared with the champion ${name}: they share no TEST ${nameIndependent(unit)} on which both can be judged.`;
    return [{ ...rule, passed: false, figure: null, sentence }];
  }
  const margin = policy.championAucMargin;
  const passed = gap.interval[0] > -margin;
  const sentence =
    `On ${countUnits(unit, gap.sharedPatients)} shared with the champion ${name}, AUC${sayContext(context)} differs by ${describeGap(gap, unit)}, ` +
    `which ${passed ? 'excludes' : 'does not exclude'} being worse by more than ${margin}.`;
  return [{ ...rule, passed, figure: gap, sentence }];
}

function judgeCalibration({ policy, candidate: { test, context } }: Judgement): RuleVerdict[] {
  if (!test) return [];
  const { ece } = test.metrics;
  const passed = ece !== null && ece <= policy.maximumEce;
  const sentence =
    ece === null
      ? `Its calibration${sayContext(context)} on TEST could not be measured.`
      : `Its expected calibration error${sayContext(context)} on TEST is ${ece.toFixed(3)}; at most ${policy.maximumEce} is asked for.`;
  return [{ rule: 'calibrated', kind: 'quality', passed, figure: ece, sentence }];
}

function judgeExternally({ policy, candidate }: Judgement): RuleVerdict[] {
  const verdict = judgeExternalResults(policy, candidate.externalResults ?? []);
  return verdict ? [{ rule: 'external-validation', kind: 'quality', ...verdict }] : [];
}

function judgePatients({ policy, candidate: { test, unit } }: Judgement): RuleVerdict[] {
  if (!test || !hasUnits(unit)) return [];
  const { patients } = test.metrics;
  const passed = patients >= policy.minimumTestPatients;
  const sentence = passed
    ? `TEST has ${countUnits(unit, patients)}.`
    : `TEST has ${countUnits(unit, patients)}; with fewer than ${policy.minimumTestPatients} every interval is shaky.`;
  return [{ rule: 'enough-test-patients', kind: 'warning', passed, figure: patients, sentence }];
}

function judgeOpenings({ policy, candidate: { splitTestOpenings } }: Judgement): RuleVerdict[] {
  if (splitTestOpenings === undefined) return [];
  const passed = splitTestOpenings <= policy.maximumTestOpenings;
  const times = splitTestOpenings === 1 ? 'once' : `${splitTestOpenings} times`;
  const sentence = `TEST of this split has been opened ${times}${passed ? '.' : ': it wears out as a test.'}`;
  return [{ rule: 'few-test-openings', kind: 'warning', passed, figure: splitTestOpenings, sentence }];
}

function describeGap({ difference, interval }: AucGap, unit: SplittingUnit): string {
  return `${difference.toFixed(3)} (95 % interval ${nameUnit(unit).by} ${describeInterval(interval)})`;
}

function describeInterval(interval: Interval | null | undefined): string {
  return interval ? `${interval[0].toFixed(3)} to ${interval[1].toFixed(3)}` : 'without an interval';
}
