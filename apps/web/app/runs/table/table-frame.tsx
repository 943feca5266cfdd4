'use client';
/** What every table of runs shares: widths, head, the baseline under it, and a box that scrolls. */
import { type ReactNode, type Ref, useMemo, useState } from 'react';
import type { ColumnActs } from '../columns/column-menu.tsx';
import type { RunColumn, RunTableRow } from '../columns/run-column.ts';
import { type PlacedColumn, placeColumns, SELECT_WIDTH_PX, sumWidths } from './place-columns.ts';
import type { RunChoice } from './run-choice.ts';
import { TableHead } from './table-head.tsx';
import { type ClickedValue, TableLine } from './table-line.tsx';
import { useNarrow } from './use-narrow.ts';

/** What the lines of a table know of the page, and tell it. */
export type LineActs = {
  column: ColumnActs;
  /** The fields whose values are asked for. */
  asked: readonly string[];
  chosen: RunChoice;
  baseline: RunTableRow | null;
  onChosen: (chosen: RunChoice) => void;
  onToggle: (runId: string) => void;
  onValue: (clicked: ClickedValue) => void;
};

type TableFrameProps = {
  label: string;
  columns: readonly RunColumn[];
  acts: LineActs;
  rowCount?: number;
  box?: Ref<HTMLDivElement>;
  onScroll?: (topPx: number) => void;
  footer: ReactNode;
  children: (placed: readonly PlacedColumn[]) => ReactNode;
};

export function TableFrame({
  label,
  columns,
  acts,
  rowCount,
  box,
  onScroll,
  footer,
  children,
}: TableFrameProps) {
  const [dragged, setDragged] = useState<{ name: string; px: number } | null>(null);
  const isNarrow = useNarrow();
  const { layout } = acts.column;
  const placed = useMemo(
    () => placeColumns(columns, { layout, isNarrow, dragged }),
    [columns, layout, isNarrow, dragged],
  );
  const { chosen, baseline } = acts;
  return (
    <div className="rounded-lg border border-line bg-surface">
      <div
        ref={box}
        onScroll={({ currentTarget }) => onScroll?.(currentTarget.scrollTop)}
        className="relative max-h-[calc(100vh-13rem)] overflow-auto rounded-t-lg"
      >
        <table
          aria-label={label}
          aria-rowcount={rowCount}
          data-baseline={baseline ? '' : undefined}
          style={{ minWidth: sumWidths(placed) }}
          className="w-full table-fixed border-collapse text-sm"
        >
          <Widths columns={placed} />
          <TableHead
            columns={placed}
            acts={acts.column}
            allSelected={chosen.ids.size > 0 ? null : chosen.isAll}
            onSelectAll={(isAll) => acts.onChosen({ isAll, ids: new Set() })}
            onDragWidth={setDragged}
          >
            {baseline && (
              <TableLine
                run={baseline}
                columns={placed}
                isBaseline
                baseline={null}
                selected={false}
                onToggle={acts.onToggle}
                onValue={acts.onValue}
              />
            )}
          </TableHead>
          <tbody>{children(placed)}</tbody>
        </table>
      </div>
      {footer}
    </div>
  );
}

function Widths({ columns }: { columns: readonly PlacedColumn[] }) {
  return (
    <colgroup>
      <col style={{ width: SELECT_WIDTH_PX }} />
      {columns.map(({ column, widthPx }) => (
        <col key={column.name} style={{ width: widthPx }} />
      ))}
    </colgroup>
  );
}
