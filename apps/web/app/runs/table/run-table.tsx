'use client';
/** The virtual table of runs: only visible rows are drawn; the next page is fetched while scrolling down. */
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type ReactNode,
  useDeferredValue,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { LiveProgress } from '../../../run/use-live-progress.ts';
import type { ListedRun, RunColumn, RunTableRow } from '../columns/run-column.ts';
import { keyLines, type LineKeys } from './line-keys.ts';
import type { PlacedColumn } from './place-columns.ts';
import { isSelected } from './run-choice.ts';
import { type LineActs, TableFrame } from './table-frame.tsx';
import { RUN_ROW_HEIGHT_PX, readRunOfLine, TableLine } from './table-line.tsx';

/** Kept ready around what is in sight. */
const OVERSCAN_ROWS = 8;
/** Of other rows than before, those in sight are drawn first, with so many around them. */
const FIRST_OVERSCAN_ROWS = 2;
const NO_ROWS: readonly RunTableRow[] = [];

type RunTableProps = {
  runs: readonly ListedRun[];
  totalCount: number;
  columns: readonly RunColumn[];
  acts: LineActs;
  progress: ReadonlyMap<string, LiveProgress>;
  footer: ReactNode;
  fetchMore: () => void;
  /** Whether the first row is in sight. */
  onTop: (isAtTop: boolean) => void;
};

export function RunTable({
  runs,
  totalCount,
  columns,
  acts,
  progress,
  footer,
  fetchMore,
  onTop,
}: RunTableProps) {
  // As state: what is drawn within it is to know it once it is there.
  const [box, setBox] = useState<HTMLDivElement | null>(null);
  const rows = useRows(runs, progress);
  return (
    <TableFrame
      label="Runs"
      columns={columns}
      acts={acts}
      rowCount={totalCount}
      box={setBox}
      onScroll={(topPx) => onTop(topPx < RUN_ROW_HEIGHT_PX)}
      footer={footer}
    >
      {(placed) => <VisibleLines {...{ box, rows, placed, acts, fetchMore }} />}
    </TableFrame>
  );
}

type VisibleLinesProps = Pick<RunTableProps, 'acts' | 'fetchMore'> & {
  box: HTMLDivElement | null;
  rows: readonly RunTableRow[];
  placed: readonly PlacedColumn[];
};

/** Alone what is drawn again while the table is scrolled. */
function VisibleLines({ box, rows, placed, acts, fetchMore }: VisibleLinesProps) {
  // Out of sight the rows of before stay, until those in sight are drawn.
  const further = useDeferredValue(rows, NO_ROWS);
  const { items, inSight, before, after } = useVisibleRows({ box, count: rows.length, fetchMore });
  const shown = chooseRows(items, { rows, further, inSight });
  const keys = useLineKeys(shown);
  return (
    <>
      <Spacer heightPx={before} columnCount={placed.length} />
      {shown.map((run) => (
        <TableLine
          key={keys.get(run.id)}
          run={run}
          columns={placed}
          baseline={acts.baseline}
          selected={isSelected(acts.chosen, run.id)}
          onToggle={acts.onToggle}
          onValue={acts.onValue}
        />
      ))}
      <Spacer heightPx={after} columnCount={placed.length} />
    </>
  );
}

type Choosing = {
  rows: readonly RunTableRow[];
  further: readonly RunTableRow[];
  inSight: (index: number) => boolean;
};

/** Each run once: one of the new rows in sight may have been among the others before. */
function chooseRows(items: readonly number[], { rows, further, inSight }: Choosing): RunTableRow[] {
  if (rows === further) return items.flatMap((index) => rows[index] ?? []);
  const near = new Set(items.filter(inSight).map((index) => rows[index]?.id));
  return items.flatMap((index) => {
    if (inSight(index)) return rows[index] ?? [];
    const run = further[index];
    return run && !near.has(run.id) ? run : [];
  });
}

function useLineKeys(shown: readonly RunTableRow[]): LineKeys {
  const drawn = useRef<LineKeys>(new Map());
  const held = typeof document === 'undefined' ? null : readRunOfLine(document.activeElement);
  const keys = keyLines(
    shown.map(({ id }) => id),
    drawn.current,
    held,
  );
  useLayoutEffect(() => {
    drawn.current = keys;
  });
  return keys;
}

/** A row that has not changed is the same object, and is not drawn again. */
function useRows(runs: readonly ListedRun[], progress: ReadonlyMap<string, LiveProgress>): RunTableRow[] {
  return useMemo(
    () =>
      runs.map((run) => {
        const live = progress.get(run.id);
        return live ? { ...run, live } : run;
      }),
    [runs, progress],
  );
}

function useVisibleRows({
  box,
  count,
  fetchMore,
}: Pick<VisibleLinesProps, 'box' | 'fetchMore'> & { count: number }) {
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => box,
    estimateSize: () => RUN_ROW_HEIGHT_PX,
    overscan: OVERSCAN_ROWS,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastShown >= count - OVERSCAN_ROWS) fetchMore();
  }, [lastShown, count, fetchMore]);
  const { startIndex, endIndex } = virtual.calculateRange() ?? { startIndex: 0, endIndex: count };
  return {
    items: items.map(({ index }) => index),
    inSight: (index: number) =>
      index >= startIndex - FIRST_OVERSCAN_ROWS && index <= endIndex + FIRST_OVERSCAN_ROWS,
    before: items[0]?.start ?? 0,
    after: virtual.getTotalSize() - (items.at(-1)?.end ?? 0),
  };
}

/** Takes the place of the rows out of sight, so that the scrollbar fits the whole list. */
function Spacer({ heightPx, columnCount }: { heightPx: number; columnCount: number }) {
  if (heightPx <= 0) return null;
  return (
    <tr aria-hidden style={{ height: heightPx }}>
      <td colSpan={columnCount + 1} />
    </tr>
  );
}
