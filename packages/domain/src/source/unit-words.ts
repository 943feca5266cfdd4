/** What a unit of splitting is called, on pages and in messages: one home for the word. */
import type { SplittingUnit } from './splitting-unit.ts';

type UnitWords = {
  one: string;
  many: string;
  /** `by patient`, as intervals and splits are said to be. */
  by: string;
};

const WORDS: Record<SplittingUnit, UnitWords> = {
  PATIENT: { one: 'patient', many: 'patients', by: 'by patient' },
  SLIDE: { one: 'slide', many: 'slides', by: 'by slide' },
  GROUP: { one: 'group', many: 'groups', by: 'by group of copies' },
  NONE: { one: 'unknown patient', many: 'patients unknown', by: 'by patch' },
};

export function nameUnit(unit: SplittingUnit): UnitWords {
  return WORDS[unit];
}

/** `3 slides`; `patients unknown` where nothing binds patches together. */
export function countUnits(unit: SplittingUnit, count: number): string {
  if (unit === 'NONE') return WORDS.NONE.many;
  return `${count.toLocaleString('en')} ${count === 1 ? WORDS[unit].one : WORDS[unit].many}`;
}

/** What a dataset without patients is marked with; null for one that has them. */
export function explainUnit(unit: SplittingUnit): string | null {
  if (unit === 'PATIENT') return null;
  if (unit === 'NONE') {
    return 'Patients unknown: nothing in the source binds patches together, so no split of it can be honest.';
  }
  return `Patients unknown: it is split ${WORDS[unit].by}, and one patient's ${WORDS[unit].many} may be on several sides.`;
}
