/**
 * What the unit of a dataset is called wherever a page speaks of patients. The words come from the API; here they are put
 * together, so that no page has a word of its own for them. Pure.
 */
import { formatCount } from '../format/format-number.ts';
import type { UnitWordsFragment } from '../graphql/generated/graphql.ts';

export type UnitWords = UnitWordsFragment;

/** Whether anything binds patches together: otherwise there is nothing to list, to count or to draw by. */
export function hasUnits({ kind }: Pick<UnitWords, 'kind'>): boolean {
  return kind !== 'NONE';
}

/** `3 slides`; `patients unknown` where nothing binds patches together. */
export function countUnits(unit: Pick<UnitWords, 'kind' | 'one' | 'many'>, count: number): string {
  if (!hasUnits(unit)) return unit.many;
  return `${formatCount(count)} ${count === 1 ? unit.one : unit.many}`;
}

/** `Slide 12`. */
export function titleUnit(unit: Pick<UnitWords, 'kind' | 'title'>, key: string): string {
  return hasUnits(unit) ? `${unit.title} ${key}` : unit.title;
}

/** `slide 12`, within a line. */
export function nameOne(unit: Pick<UnitWords, 'kind' | 'one'>, key: string): string {
  return hasUnits(unit) ? `${unit.one} ${key}` : unit.one;
}

/** What statistics take for independent, in the plural. */
export function nameIndependent(unit: Pick<UnitWords, 'kind' | 'many'>): string {
  return hasUnits(unit) ? unit.many : 'patches';
}

/** What 95 % intervals come from. */
export function describeDraws(unit: UnitWords, draws: number): string {
  if (!hasUnits(unit)) return unit.intervalWarning ?? '';
  return `Intervals: 95 %, from ${formatCount(draws)} draws of whole ${unit.many}.`;
}
