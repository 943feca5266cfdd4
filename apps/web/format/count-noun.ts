/** A count and its noun on a page: the one rule of the plural. What a dataset is split by has words of its own (`unit`). Pure. */
import { formatCount } from './format-number.ts';

/** `1 patch`, `2,718 patches`, `2 epochs`, `0 files`, `2 entries`. */
export function countNoun(count: number, noun: string): string {
  return `${formatCount(count)} ${count === 1 ? noun : pluralOf(noun)}`;
}

function pluralOf(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  // Spoken like a k, the end of 'epoch' takes no e.
  return /(?<!epo)ch$/.test(noun) ? `${noun}es` : `${noun}s`;
}
