/**
 * The unit of a dataset: what is never on two sides of its splits. It is the largest thing that the source tells of every
 * patch, since a split by anything smaller puts one patient's tissue on both sides.
 */

/** NONE: nothing binds patches together, so that only a split that the publisher gives can be had, as an unsafe one. */
export const SPLITTING_UNITS = ['PATIENT', 'SLIDE', 'GROUP', 'NONE'] as const;

export type SplittingUnit = (typeof SPLITTING_UNITS)[number];

/** What is told of a patch that could bind it to others. */
type UnitFacts = { patient: string | null; slide: string | null; group: string | null };

const KEYS = {
  PATIENT: ({ patient }: UnitFacts) => patient,
  SLIDE: ({ slide }: UnitFacts) => slide,
  GROUP: ({ group }: UnitFacts) => group,
  NONE: () => null,
} satisfies Record<SplittingUnit, (facts: UnitFacts) => string | null>;

/** The units that each of the patches has, the largest first; NONE is always among them. */
export function listSplittingUnits(patches: Iterable<UnitFacts>): SplittingUnit[] {
  const left = new Set<SplittingUnit>(['PATIENT', 'SLIDE', 'GROUP']);
  let isEmpty = true;
  for (const patch of patches) {
    isEmpty = false;
    for (const unit of left) if (KEYS[unit](patch) === null) left.delete(unit);
    if (left.size === 0) break;
  }
  return isEmpty ? ['NONE'] : [...left, 'NONE'];
}

/** The largest unit that each of the patches has; NONE for no patches. */
export function findSplittingUnit(patches: Iterable<UnitFacts>): SplittingUnit {
  return listSplittingUnits(patches)[0] ?? 'NONE';
}

/** The key of a patch's unit; null where it has none. */
export function keySplittingUnit(unit: SplittingUnit, facts: UnitFacts): string | null {
  return KEYS[unit](facts);
}
