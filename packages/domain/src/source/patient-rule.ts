/**
 * The patient of a patch by a rule over a text of it, where no column and no layout tells it as it stands. The text is
 * the cell of the manifest's patient column, or else the path of the file.
 */
import { countNoun } from '../count-noun.ts';
import { findNameRule, NAME_RULES, type NameRule, openNameRule } from './name-rule.ts';
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

const WHAT_KEYS_ARE: Partial<Record<NameRule['name'], string>> = {
  tcga: 'barcodes of TCGA samples or slides',
  breakhis: 'names of BreakHis slides',
};

/**
 * What is wrong with keys of patients that say more than the patient, as a rule that is known here reads them: samples of
 * one patient would be several patients, and could lie on both sides of a split. Null where nothing is.
 */
export function explainLongKeys(keys: readonly string[]): string | null {
  const rule = findNameRule(keys);
  const what = WHAT_KEYS_ARE[rule.name];
  const patients = new Set(keys.map((key) => rule.read(key)?.patient ?? key));
  if (!what || keys.every((key) => patients.has(key))) return null;
  const told = `The ${countNoun(keys.length, 'patient')} told are ${what}, of ${countNoun(patients.size, 'patient')}`;
  const danger =
    patients.size < keys.length
      ? 'as it stands one patient can be on two sides of a split'
      : 'as it stands no other dataset knows them as the same patients';
  return `${told}: ${danger}. Choose the patient rule ${rule.name}.`;
}
