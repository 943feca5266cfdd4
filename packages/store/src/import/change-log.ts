/** Everything that an import changed about the pixels of the files that it took: all counted, the first of each kind listed. */
import { IMPORT_LIMITS } from './import-limits.ts';
import { CHANGE_SENTENCES, type ChangeCode, type PixelChange } from './pixels/pixel-change.ts';
import { printablePath } from './refusal.ts';

export type ChangeLog = {
  add(change: PixelChange): void;
  countsByCode(): Partial<Record<ChangeCode, number>>;
  /** Sorted by path; at most as many of one code as refusals are listed. */
  listed(): PixelChange[];
};

export function createChangeLog(): ChangeLog {
  const kept: PixelChange[] = [];
  const counts = new Map<ChangeCode, number>();
  return {
    add({ path, code }) {
      const ofCode = counts.get(code) ?? 0;
      counts.set(code, ofCode + 1);
      if (ofCode < IMPORT_LIMITS.refusalsListedPerCodeMax) kept.push({ path: printablePath(path), code });
    },
    countsByCode: () => Object.fromEntries(counts),
    listed: () => kept.toSorted((left, right) => (left.path < right.path ? -1 : 1)),
  };
}

/** A line a kind of change, with how many files it met; none when nothing was changed. */
export function describeChanges(countsByCode: ReturnType<ChangeLog['countsByCode']>): string[] {
  return Object.entries(countsByCode).map(([code, files]) => {
    return `${files.toLocaleString('en')} files: ${CHANGE_SENTENCES[code as ChangeCode]}`;
  });
}
