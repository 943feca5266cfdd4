'use client';
/** The columns that were chosen last, kept in this browser for addresses that name none. */
import { useEffect, useRef } from 'react';
import type { RunSearch } from '../../../address/page-addresses.ts';

const KEY = 'microtome.run-columns';

type KeptLayout = Pick<RunSearch, 'columns' | 'pinned' | 'widths'>;

/** While a saved view is open, whose columns are its own, and until it is known whether one is, nothing is looked for or kept. */
export function useKeptLayout(
  search: RunSearch,
  { isSettled, onFound }: { isSettled: boolean; onFound: (layout: KeptLayout) => void },
): void {
  const { columns, pinned, widths } = search;
  const isOwn = isSettled && search.view === '';
  const isFirst = useRef(true);
  const text = JSON.stringify({ columns, pinned, widths });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new callback is no reason to look again
  useEffect(() => {
    if (search.view !== '') isFirst.current = false;
    if (!isOwn) return;
    const isNamed = columns !== null || pinned !== null || widths !== null;
    if (isFirst.current && !isNamed) {
      const kept = readKept();
      if (kept) onFound(kept);
    } else keep(text);
    isFirst.current = false;
  }, [text, isOwn]);
}

/** Null where nothing is kept that can be read. */
function readKept(): KeptLayout | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Partial<
      Record<keyof KeptLayout, unknown>
    > | null;
    if (!kept) return null;
    return {
      columns: readTexts(kept.columns),
      pinned: typeof kept.pinned === 'number' ? kept.pinned : null,
      widths: readTexts(kept.widths),
    };
  } catch {
    return null;
  }
}

function readTexts(value: unknown): string[] | null {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : null;
}

/** A browser that keeps nothing, in private say, shows the first columns each time. */
function keep(text: string): void {
  try {
    localStorage.setItem(KEY, text);
  } catch {
    // Nothing is lost but the order of columns.
  }
}
