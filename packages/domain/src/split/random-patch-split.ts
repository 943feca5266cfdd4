/**
 * Deliberately unsafe: each patch goes to a subset by a seeded hash of its own, like the tutorials'
 * random 10 %, so that patches of one patient are on every side and the inflation can be shown.
 */
import { deriveFraction } from '../seeded-random.ts';
import type { SplitFractions } from './split.ts';
import type { Subset } from './subset.ts';

/** The subset of one patch; it depends on nothing but the arguments. Check the fractions once beforehand. */
export function assignPatch(patch: {
  seed: number;
  fractions: SplitFractions;
  patientKey: string;
  x: number;
  y: number;
}): Subset {
  const { seed, fractions, patientKey, x, y } = patch;
  const position = deriveFraction(seed, 'random-patch-split', patientKey, x, y);
  if (position < fractions.train) return 'TRAIN';
  return position < fractions.train + fractions.validation ? 'VALIDATION' : 'TEST';
}
