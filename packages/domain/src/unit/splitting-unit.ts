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

/** A unit that patches have, and how many of them have none. */
export type ToldUnit = { unit: SplittingUnit; lacking: number };

/** The units that any of the patches has, the largest first; NONE is always among them. */
export function measureUnits(patches: Iterable<UnitFacts>): ToldUnit[] {
  const lacking = new Map(SPLITTING_UNITS.map((unit) => [unit, 0]));
  let count = 0;
  for (const patch of patches) {
    count++;
    for (const unit of SPLITTING_UNITS) {
      if (KEYS[unit](patch) === null) lacking.set(unit, (lacking.get(unit) ?? 0) + 1);
    }
  }
  lacking.set('NONE', 0);
  return [...lacking].flatMap(([unit, without]) =>
    unit === 'NONE' || without < count ? [{ unit, lacking: without }] : [],
  );
}

/** The largest unit that each of the patches has; NONE for no patches. */
export function findSplittingUnit(patches: Iterable<UnitFacts>): SplittingUnit {
  return measureUnits(patches).find(({ lacking }) => lacking === 0)?.unit ?? 'NONE';
}

/** The key of a patch's unit; null where it has none. */
export function keySplittingUnit(unit: SplittingUnit, facts: UnitFacts): string | null {
  return KEYS[unit](facts);
}
