/** The normal distribution as the tests and intervals need it. */
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';

/** The 97.5 % point of the standard normal distribution: half-width of a 95 % interval in standard errors. */
export const Z_95 = 1.959963984540054;

/** Two-sided p-value of a standard normal statistic; exact in the far tail, where 1 - cdf would be 0. */
export function twoSidedP(z: number): number {
  return Math.min(1, 2 * normalCdf(-Math.abs(z), 0, 1));
}
