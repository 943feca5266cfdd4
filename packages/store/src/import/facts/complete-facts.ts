/**
 * What an import was told by hand over what its source tells: the rule that reads the patient from a text, µm per pixel
 * where none are told, and that there are no classes.
 */
import {
  openPatientRule,
  type PatientRule,
  type PatientRuleName,
  tellPatient,
} from '@microtome/domain/source/patient-rule';
import { UNLABELLED } from '@microtome/domain/task/task';
import { printablePath, type Refuse } from '../refusal.ts';
import type { ToldPatch } from './told-patch.ts';

type Told = {
  told: readonly ToldPatch[];
  /** Whether a column tells the patient, so that a rule reads its cells; without one a rule reads paths. */
  hasPatientColumn: boolean;
};

type Choices = {
  patientRule: PatientRuleName | null;
  patientPattern: string | null;
  micronsPerPixel: number | null;
  unlabelled: boolean;
};

export type CompleteFacts = {
  told: ToldPatch[];
  rule: PatientRule | null;
  /** The text that a rule reads of a patch; null where its cell is missing. */
  textOf(patch: ToldPatch): string | null;
};

/** A patch of which the rule reads no patient is refused. */
export function completeFacts(
  { told, hasPatientColumn }: Told,
  choices: Choices,
  refuse: Refuse,
): CompleteFacts {
  const rule = openPatientRule(choices.patientRule, choices.patientPattern);
  const textOf = ({ file, facts }: ToldPatch) => (hasPatientColumn ? facts.patient : file.path);
  const { micronsPerPixel, unlabelled } = choices;
  const complete: ToldPatch[] = [];
  for (const patch of told) {
    const text = textOf(patch);
    const facts = rule ? tellPatient(rule, patch.facts, text) : patch.facts;
    if (!facts) {
      refuse({ path: patch.file.path, code: 'NO_PATIENT', reason: describeUnread(text) });
      continue;
    }
    const isMeasured = micronsPerPixel === null || facts.micronsPerPixel !== null;
    if (facts === patch.facts && isMeasured && !unlabelled) {
      complete.push(patch);
      continue;
    }
    const added = { ...facts, micronsPerPixel: facts.micronsPerPixel ?? micronsPerPixel };
    complete.push({ file: patch.file, facts: unlabelled ? { ...added, className: UNLABELLED } : added });
  }
  return { told: complete, rule, textOf };
}

function describeUnread(text: string | null): string {
  if (text === null) return 'Its row names no patient.';
  return `The rule reads no patient from '${printablePath(text, 120)}'.`;
}
