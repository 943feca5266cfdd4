/** Paired comparisons, kept by a hash of all that goes into them: a page of versions asks for the same ones again. */
import { createHash } from 'node:crypto';
import type { Background } from '../background/background.ts';
import type { CompareInput, CompareResult } from '../background/background-task.ts';
import { createResultCache } from '../result-cache.ts';

const CACHED_COMPARISONS = 100;

export type CompareCached = (input: CompareInput) => Promise<CompareResult>;

export function createCachedComparison(background: Background): CompareCached {
  const results = createResultCache<CompareResult>(CACHED_COMPARISONS);
  return (input) => results.get(hashInput(input), () => background.compare(input));
}

function hashInput({ a, b, labels, patients, ...numbers }: CompareInput): string {
  const hash = createHash('sha256').update(JSON.stringify(numbers));
  for (const column of [a, b, labels, patients]) hash.update(`${column.length}:`).update(column);
  return hash.digest('hex');
}
