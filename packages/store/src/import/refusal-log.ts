/**
 * Everything that an import refused: every refusal is counted, and the first of each code are listed, so that
 * the known double copy of the public archive cannot crowd out the refusals that matter.
 */
import { IMPORT_LIMITS } from './import-limits.ts';
import { printablePath, type Refusal, type RefusalCode } from './refusal.ts';

export type RefusalLog = {
  add(refusal: Refusal): void;
  count(): number;
  countsByCode(): Partial<Record<RefusalCode, number>>;
  /** Sorted by path; at most 10,000 in all and 2,000 of one code. */
  listed(): Refusal[];
  /** For a sentence: `3 NOT_AN_IMAGE, 1 DUPLICATE`. */
  summarize(): string;
};

export function createRefusalLog(): RefusalLog {
  const kept: Refusal[] = [];
  const counts = new Map<RefusalCode, number>();
  let total = 0;
  return {
    add({ path, code, reason }) {
      const ofCode = counts.get(code) ?? 0;
      counts.set(code, ofCode + 1);
      total += 1;
      if (kept.length >= IMPORT_LIMITS.refusalsListedMax) return;
      if (ofCode >= IMPORT_LIMITS.refusalsListedPerCodeMax) return;
      kept.push({ path: printablePath(path), code, reason });
    },
    count: () => total,
    countsByCode: () => Object.fromEntries(counts),
    listed: () => kept.toSorted((left, right) => (left.path < right.path ? -1 : 1)),
    summarize: () =>
      [...counts]
        .toSorted((left, right) => right[1] - left[1])
        .map(([code, count]) => `${count} ${code}`)
        .join(', '),
  };
}
