/** A count and its noun in a sentence: the one rule of the plural. What a dataset is split by has words of its own (`unit`). */

/** `1 patch`, `2,718 patches`, `0 files`, `2 entries`. */
export function countNoun(count: number, noun: string): string {
  const several = /[^aeiou]y$/.test(noun)
    ? `${noun.slice(0, -1)}ies`
    : `${noun}${noun.endsWith('ch') ? 'es' : 's'}`;
  return `${count.toLocaleString('en')} ${count === 1 ? noun : several}`;
}
