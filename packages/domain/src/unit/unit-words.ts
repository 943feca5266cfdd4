/**
 * What a unit of splitting is called, on pages, in files and in messages: one home for its words. Names of code, columns
 * and fields say `patient` whatever the unit is; a sentence that is read says what these words say.
 */
import type { SplittingUnit, ToldUnit } from './splitting-unit.ts';

type UnitWords = {
  one: string;
  many: string;
  /** At the start of a line or a column: `Patients`. */
  heading: string;
  /** Before a key: `Patient`. */
  title: string;
  /** `by patient`, as intervals and splits are said to be. */
  by: string;
};

const WORDS: Record<SplittingUnit, UnitWords> = {
  PATIENT: {
    one: 'patient',
    many: 'patients',
    heading: 'Patients',
    title: 'Patient',
    by: 'by patient',
  },
  SLIDE: { one: 'slide', many: 'slides', heading: 'Slides', title: 'Slide', by: 'by slide' },
  GROUP: { one: 'group', many: 'groups', heading: 'Groups', title: 'Group', by: 'by group of copies' },
  NONE: {
    one: 'unknown patient',
    many: 'patients unknown',
    heading: 'Patients unknown',
    title: 'Patient unknown',
    by: 'by patch',
  },
};

export function nameUnit(unit: SplittingUnit): UnitWords {
  return WORDS[unit];
}

/** `3 slides`; `patients unknown` where nothing binds patches together. */
export function countUnits(unit: SplittingUnit, count: number): string {
  if (unit === 'NONE') return WORDS.NONE.many;
  return `${count.toLocaleString('en')} ${count === 1 ? WORDS[unit].one : WORDS[unit].many}`;
}

/** What statistics take for independent, in the plural: `slides`, and `patches` where nothing binds them together. */
export function nameIndependent(unit: SplittingUnit): string {
  return hasUnits(unit) ? WORDS[unit].many : 'patches';
}

/** Whether the rows of the unit's table stand for anything: with NONE its one row stands for no patient. */
export function hasUnits(unit: SplittingUnit): boolean {
  return unit !== 'NONE';
}

/** What a dataset without patients is marked with; null for one that has them. */
export function explainUnit(unit: SplittingUnit): string | null {
  if (unit === 'PATIENT') return null;
  if (unit === 'NONE') {
    return 'Patients unknown: nothing in the source binds patches together, so no split of it can be honest.';
  }
  return `Patients unknown: it is split ${WORDS[unit].by}, and one patient's ${WORDS[unit].many} may be on several sides.`;
}

/**
 * That a larger unit is told of some patches and not of all, so that the import does not take it by itself; null where
 * there is none. `units` are of `patches` patches, the largest first.
 */
export function explainPartlyTold(units: readonly ToldUnit[], patches: number): string | null {
  const [largest] = units;
  if (!largest || largest.lacking === 0) return null;
  const { one, by } = WORDS[largest.unit];
  const [told, all, lacking] = [patches - largest.lacking, patches, largest.lacking].map((count) =>
    count.toLocaleString('en'),
  );
  return `The source tells the ${one} of ${told} of ${all} patches: to split ${by}, ask for the unit ${largest.unit}, which leaves the other ${lacking} out.`;
}

/** What is wrong with intervals by this unit; null where it is patients. */
export function warnOfIntervals(unit: SplittingUnit): string | null {
  if (unit === 'PATIENT') return null;
  if (unit === 'NONE') return 'Patients unknown: intervals treat patches as independent, and are too narrow.';
  return `Patients unknown: ${WORDS[unit].many} of one patient are alike, so intervals ${WORDS[unit].by} may be too narrow.`;
}

/** `2,000 draws of whole slides`: what intervals come from. */
export function describeDraws(unit: SplittingUnit, draws: number): string {
  if (unit === 'NONE') return 'the counts of patches, as if they were independent';
  return `${draws.toLocaleString('en')} draws of whole ${WORDS[unit].many}`;
}
