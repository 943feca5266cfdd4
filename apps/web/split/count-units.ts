/** How many patients, slides or groups, by the words of a dataset's unit of splitting. */
import { formatCount } from '../format/format-number.ts';

export type UnitWords = { kind: string; one: string; many: string };

/** `3 slides`; `patients unknown` where nothing binds patches together. */
export function countUnits({ kind, one, many }: UnitWords, count: number): string {
  if (kind === 'NONE') return many;
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
