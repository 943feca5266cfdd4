/** What can be done about a rule that does not hold, as a code: what shows the gate's verdict offers the act next to its sentence. */
import type { RuleVerdict } from './promotion-gate.ts';

export type RuleRemedy =
  | 'SPLIT_BY_PATIENT'
  | 'SEE_AUDIT'
  | 'SEE_RUN'
  | 'CHECK_MODEL'
  | 'LAUNCH_AGAIN'
  | 'OPEN_TEST'
  | 'TRAIN_COLOUR_BASELINE'
  | 'EXAMINE'
  | 'CHANGE_POLICY';

/** Of the rules whose failure an act can mend. What a run's figures refuse, nothing does but another run. */
const REMEDIES: Readonly<Record<string, RuleRemedy>> = {
  'honest-split': 'SPLIT_BY_PATIENT',
  'audit-passed': 'SEE_AUDIT',
  'run-succeeded': 'SEE_RUN',
  'model-checked': 'CHECK_MODEL',
  'has-learned': 'LAUNCH_AGAIN',
  'test-evaluated-once': 'OPEN_TEST',
  'judged-in-context': 'CHANGE_POLICY',
};
/** Only where nothing was measured: a figure that is too low is no reason to measure again. */
const REMEDIES_OF_MISSING: Readonly<Record<string, RuleRemedy>> = {
  'better-than-colour-baseline': 'TRAIN_COLOUR_BASELINE',
  'external-validation': 'EXAMINE',
};

export function findRemedy({ rule, passed, figure }: RuleVerdict): RuleRemedy | null {
  if (passed) return null;
  // Without any unit no policy helps.
  if (rule === 'patients-known') return figure === 'NONE' ? null : 'CHANGE_POLICY';
  return REMEDIES[rule] ?? (figure === null ? REMEDIES_OF_MISSING[rule] : undefined) ?? null;
}
