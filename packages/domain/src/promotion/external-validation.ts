/** The gate's question to other centres: whether a model holds on patients of another dataset, at its own threshold. */
import { type Exam, nameExam } from '../external-evaluation/exam.ts';
import type { SplittingUnit } from '../unit/splitting-unit.ts';
import { countUnits, nameUnit } from '../unit/unit-words.ts';
import { acceptsUnit, type PromotionPolicy } from './promotion-policy.ts';

/** What a model has shown on another dataset, at the threshold that it brought along. */
export type ExternalResult = Exam & {
  /** What the dataset of the exam is split by. */
  unit: SplittingUnit;
  /** How many of them. */
  patients: number;
  balancedAccuracy: number | null;
};

type ExternalVerdict = { passed: boolean; figure: readonly ExternalResult[] | null; sentence: string };

/**
 * Null where the policy does not ask. Every exam that is large enough counts, so that one which went well does not hide
 * another; of slides or groups only where the policy accepts them, as it does for a split.
 */
export function judgeExternalResults(
  policy: PromotionPolicy,
  results: readonly ExternalResult[],
): ExternalVerdict | null {
  const { minimumExternalPatients: asked, minimumExternalBalancedAccuracy: least } = policy;
  if (asked === 0) return null;
  const large = results.filter(({ patients, unit }) => acceptsUnit(policy, unit) && patients >= asked);
  if (large.length === 0) {
    const sentence =
      `It has no external evaluation on at least ${countAsked(policy)}; one is asked for, with balanced accuracy at the ` +
      `carried threshold not below ${least}.${nameRefused(policy, results)}`;
    return { passed: false, figure: null, sentence };
  }
  const passed = large.every(
    ({ balancedAccuracy }) => balancedAccuracy !== null && balancedAccuracy >= least,
  );
  const shown = large.map(
    ({ patients, balancedAccuracy, unit, ...exam }) =>
      `${balancedAccuracy?.toFixed(3) ?? 'undefined'} on ${nameExam(exam)}, ${countUnits(unit, patients)}`,
  );
  const sentence = `Its balanced accuracy at the carried threshold is ${shown.join('; ')}; at least ${least} is asked for.`;
  return { passed, figure: large, sentence };
}

/** `10 patients or slides`: what would be accepted. */
function countAsked(policy: PromotionPolicy): string {
  const [first, ...rest] = (['PATIENT', 'SLIDE', 'GROUP'] as const).filter((unit) =>
    acceptsUnit(policy, unit),
  );
  const asked = policy.minimumExternalPatients;
  const others = rest.map((unit) => ` or ${asked === 1 ? nameUnit(unit).one : nameUnit(unit).many}`);
  return `${countUnits(first ?? 'PATIENT', asked)}${others.join('')}`;
}

/** That exams are there which do not count, and why. */
function nameRefused(policy: PromotionPolicy, results: readonly ExternalResult[]): string {
  const refused = results.filter(({ unit }) => !acceptsUnit(policy, unit));
  if (refused.length === 0) return '';
  const named = refused.map(
    ({ unit, patients, ...exam }) => `${nameExam(exam)}, ${countUnits(unit, patients)}`,
  );
  return ` Not counted, since the policy does not accept what they are split by: ${named.join('; ')}.`;
}
