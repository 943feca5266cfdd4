/**
 * Whether two runs that called the same patches are right equally often. The plain test takes patches for
 * independent, which they are not within a patient; Durkalski's form is the one to trust.
 */
import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';
import chiSquareCdf from '@stdlib/stats-base-dists-chisquare-cdf';
import { twoSidedP } from './normal.ts';

/** Patches on which only the first, or only the second run is right. */
type Discordance = { onlyA: number; onlyB: number };

export type McNemar = {
  exactP: number;
  midP: number;
  chiSquare: number;
  chiSquareP: number;
  /** With the continuity correction. */
  correctedChiSquare: number;
  correctedP: number;
};

/** McNemar's test in its four forms, for independent observations. All p are 1 when the runs never differ. */
export function testMcNemar({ onlyA, onlyB }: Discordance): McNemar {
  const differing = onlyA + onlyB;
  if (differing === 0) {
    return { exactP: 1, midP: 1, chiSquare: 0, chiSquareP: 1, correctedChiSquare: 0, correctedP: 1 };
  }
  const fewer = Math.min(onlyA, onlyB);
  const upTo = binomialCdf(fewer, differing, 0.5);
  const below = fewer > 0 ? binomialCdf(fewer - 1, differing, 0.5) : 0;
  const gap = Math.abs(onlyA - onlyB);
  const chiSquare = gap ** 2 / differing;
  const correctedChiSquare = Math.max(0, gap - 1) ** 2 / differing;
  return {
    exactP: Math.min(1, 2 * upTo),
    midP: onlyA === onlyB ? 1 - (upTo - below) : below + upTo,
    chiSquare,
    chiSquareP: findUpperTail(chiSquare),
    correctedChiSquare,
    correctedP: findUpperTail(correctedChiSquare),
  };
}

/**
 * Durkalski's clustered McNemar test (2003): [sum (b-c)/n]² / sum [(b-c)/n]² over the patients, 1 degree of
 * freedom. p is 1 when no patient differs.
 */
export function testClusteredMcNemar(patients: readonly (Discordance & { patches: number })[]) {
  const shares = patients
    .filter(({ patches }) => patches > 0)
    .map((one) => (one.onlyA - one.onlyB) / one.patches);
  const sum = shares.reduce((total, share) => total + share, 0);
  const squares = shares.reduce((total, share) => total + share * share, 0);
  const chiSquare = squares > 0 ? sum ** 2 / squares : 0;
  return { chiSquare, pValue: findUpperTail(chiSquare) };
}

/** 1 degree of freedom. The normal's tail takes over where 1 - cdf would lose its digits. */
function findUpperTail(chiSquare: number): number {
  return chiSquare > 20 ? twoSidedP(Math.sqrt(chiSquare)) : 1 - chiSquareCdf(chiSquare, 1);
}
