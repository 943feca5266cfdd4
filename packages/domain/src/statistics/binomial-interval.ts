/**
 * 95 % intervals of a proportion of independent trials. Patches of one patient are not independent: for
 * them use the cluster bootstrap.
 */
import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';
import { invariant } from '../app-error.ts';
import { Z_95 } from './normal.ts';

export type Interval = [low: number, high: number];

/** Wilson's score interval (1927): centre (p + z²/2n) / (1 + z²/n). */
export function intervalByWilson(successes: number, trials: number): Interval {
  checkCounts(successes, trials);
  const share = successes / trials;
  const shrink = 1 + Z_95 ** 2 / trials;
  const centre = (share + Z_95 ** 2 / (2 * trials)) / shrink;
  const spread = (share * (1 - share)) / trials + Z_95 ** 2 / (4 * trials ** 2);
  const halfWidth = (Z_95 * Math.sqrt(spread)) / shrink;
  return [
    successes === 0 ? 0 : Math.max(0, centre - halfWidth),
    successes === trials ? 1 : Math.min(1, centre + halfWidth),
  ];
}

/** The exact interval of Clopper and Pearson (1934), from quantiles of the beta distribution. */
export function intervalByClopperPearson(successes: number, trials: number): Interval {
  checkCounts(successes, trials);
  const failures = trials - successes;
  return [
    successes === 0 ? 0 : betaQuantile(0.025, successes, failures + 1),
    failures === 0 ? 1 : betaQuantile(0.975, successes + 1, failures),
  ];
}

function checkCounts(successes: number, trials: number): void {
  invariant(
    trials > 0 && successes >= 0 && successes <= trials,
    `${successes} of ${trials} is no proportion`,
  );
}
