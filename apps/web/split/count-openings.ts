/** How often TEST of a split was opened, of how often it may be. */
import { formatCount } from '../format/format-number.ts';

type Openings = { testOpeningCount: number; testBudgets: readonly { openings: number }[] };

/** "2 of 3"; "2" without a budget. */
export function countOpenings({ testOpeningCount, testBudgets }: Openings): string {
  const budget = testBudgets[0];
  const opened = formatCount(testOpeningCount);
  return budget ? `${opened} of ${formatCount(budget.openings)}` : opened;
}

/** Null without a budget. */
export function countOpeningsLeft({ testOpeningCount, testBudgets }: Openings): number | null {
  const budget = testBudgets[0];
  return budget ? Math.max(0, budget.openings - testOpeningCount) : null;
}
