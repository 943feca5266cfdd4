/** A count and its noun on a page: the one rule of the plural. What a dataset is split by has words of its own (`unit`). Pure. */
import { formatCount } from './format-number.ts';

/** `1 patch`, `2,718 patches`, `0 files`, `2 entries`. */
export function countNoun(count: number, noun: string): string {
  const several = /[^aeiou]y$/.test(noun)
    ? `${noun.slice(0, -1)}ies`
    : `${noun}${noun.endsWith('ch') ? 'es' : 's'}`;
  return `${formatCount(count)} ${count === 1 ? noun : several}`;
}
