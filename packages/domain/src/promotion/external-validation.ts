/** The gate's question to other centres: whether a model holds on patients of another dataset, at its own threshold. */
import { countNoun } from '../count-noun.ts';
import { type Exam, nameExam } from '../external-evaluation/exam.ts';
import type { PromotionPolicy } from './promotion-policy.ts';

/** What a model has shown on patients of another dataset, at the threshold that it brought along. */
export type ExternalResult = Exam & { patients: number; balancedAccuracy: number | null };

type ExternalVerdict = { passed: boolean; figure: readonly ExternalResult[] | null; sentence: string };

/**
 * Null where the policy does not ask. Every exam that is large enough counts, so that one which went well does not hide
 * another.
 */
export function judgeExternalResults(
  { minimumExternalPatients: asked, minimumExternalBalancedAccuracy: least }: PromotionPolicy,
  results: readonly ExternalResult[],
): ExternalVerdict | null {
  if (asked === 0) return null;
  const large = results.filter(({ patients }) => patients >= asked);
  if (large.length === 0) {
    const sentence =
      `It has no external evaluation on at least ${countNoun(asked, 'patient')}; one is asked for, with balanced accuracy at the ` +
      `carried threshold not below ${least}.`;
    return { passed: false, figure: null, sentence };
  }
  const passed = large.every(
    ({ balancedAccuracy }) => balancedAccuracy !== null && balancedAccuracy >= least,
  );
  const shown = large.map(
    ({ patients, balancedAccuracy, ...exam }) =>
      `${balancedAccuracy?.toFixed(3) ?? 'undefined'} on ${nameExam(exam)}, ${countNoun(patients, 'patient')}`,
  );
  const sentence = `Its balanced accuracy at the carried threshold is ${shown.join('; ')}; at least ${least} is asked for.`;
  return { passed, figure: large, sentence };
}
