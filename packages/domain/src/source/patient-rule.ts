/**
 * The patient of a patch by a rule over a text of it, where no column and no layout tells it as it stands. The text is
 * the cell of the manifest's patient column, or else the path of the file.
 */
import { NAME_RULES, type NameRule, openNameRule } from './name-rule.ts';
import type { PatchFacts } from './source-patch.ts';

/** Rules that tell a patient: all but the one that tells nothing. */
export const PATIENT_RULES = NAME_RULES.filter((name) => name !== 'none');

export type PatientRuleName = (typeof PATIENT_RULES)[number];

/** Whose patients a rule names, where what it reads is known beyond one group; a user's expression is not. */
const KEYS_OF: Record<PatientRuleName, string | null> = { tcga: 'TCGA', breakhis: 'BreakHis', regex: null };

export type PatientRule = Pick<NameRule, 'read' | 'about'> & { keysOf: string | null };

/**
 * Null where neither a rule nor an expression is named; an expression alone is the rule `regex`.
 * @throws AppError BAD_INPUT for an expression that is missing or cannot be used, or that the rule has no use for
 */
export function openPatientRule(name: PatientRuleName | null, pattern: string | null): PatientRule | null {
  if (name === null && pattern === null) return null;
  const { read, about } = openNameRule(name ?? 'regex', pattern);
  return { read, about, keysOf: KEYS_OF[name ?? 'regex'] };
}

/**
 * The facts with the patient that the rule reads; its slide and site stand in where the source tells none. Null where the
 * text is not of the rule's form, or is missing.
 */
export function tellPatient(rule: PatientRule, facts: PatchFacts, text: string | null): PatchFacts | null {
  const read = text === null ? null : rule.read(text);
  if (read === null || read.patient === null) return null;
  return { ...facts, patient: read.patient, slide: facts.slide ?? read.slide, site: facts.site ?? read.site };
}
