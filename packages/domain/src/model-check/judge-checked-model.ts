/**
 * The gate's question to an external program's run: whether its file is its model. The figures are of probabilities that were
 * uploaded; that the file gives them is what a worker has seen.
 */
import { type CheckedModel, describeCheck } from './model-check.ts';

export type ExternalModelEvidence = {
  /** Why its file is not its model yet. */
  refusal: { message: string } | null;
  check: CheckedModel | null;
};

type ModelVerdict = {
  rule: 'model-checked';
  kind: 'safety';
  passed: boolean;
  figure: CheckedModel | null;
  sentence: string;
};

/** Nothing for a worker's run, which has no such evidence. */
export function judgeCheckedModel(evidence: ExternalModelEvidence | undefined): ModelVerdict[] {
  if (!evidence) return [];
  const { refusal, check } = evidence;
  const rule = { rule: 'model-checked', kind: 'safety' } as const;
  if (refusal || !check) {
    const sentence = refusal?.message ?? 'Its model was not checked.';
    return [{ ...rule, passed: false, figure: null, sentence }];
  }
  const { patchesTotal, maxDifference, tolerance } = check;
  const figure = { patchesTotal, maxDifference, tolerance };
  return [{ ...rule, passed: true, figure, sentence: describeCheck(check) }];
}
