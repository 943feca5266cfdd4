/**
 * The sign-flip test by patient: if two runs are equally good, each patient's difference might as well have
 * the other sign. Exact over all sign patterns up to 20 patients that differ, else over seeded draws.
 */
import { createRandom, deriveSeed } from '../seeded-random.ts';

const EXACT_PATIENT_LIMIT = 20;

/** Sums that agree to this share of the total count as equal, so that rounding cannot decide. */
const TIE_TOLERANCE = 1e-12;

export type SignFlip = { pValue: number; isExact: boolean; differing: number };

/**
 * Two-sided p of the sum of per-patient differences; patients without a difference say nothing. 1 when
 * there is none. By draws, p = (1 + patterns at least as far out) / (1 + draws).
 */
export function testSignFlip({
  differences,
  draws,
  seed,
}: {
  differences: readonly number[];
  draws: number;
  seed: number;
}): SignFlip {
  const signed = differences.filter((difference) => difference !== 0);
  const differing = signed.length;
  if (differing === 0) return { pValue: 1, isExact: true, differing };
  const observed = Math.abs(signed.reduce((sum, difference) => sum + difference, 0));
  const total = signed.reduce((sum, difference) => sum + Math.abs(difference), 0);
  const limit = observed - TIE_TOLERANCE * total;
  if (differing <= EXACT_PATIENT_LIMIT) {
    return { pValue: countPatterns(signed, limit) / 2 ** differing, isExact: true, differing };
  }
  const random = createRandom(deriveSeed(seed, 'sign-flip'));
  let asExtreme = 0;
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0;
    for (const difference of signed) sum += random.next() < 0.5 ? difference : -difference;
    if (Math.abs(sum) >= limit) asExtreme++;
  }
  return { pValue: (1 + asExtreme) / (1 + draws), isExact: false, differing };
}

function countPatterns(differences: readonly number[], limit: number): number {
  const visit = (index: number, sum: number): number => {
    const difference = differences[index];
    if (difference === undefined) return Math.abs(sum) >= limit ? 1 : 0;
    return visit(index + 1, sum + difference) + visit(index + 1, sum - difference);
  };
  return visit(0, 0);
}
