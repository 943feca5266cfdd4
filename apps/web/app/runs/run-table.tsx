'use client';
/** The virtual table of runs: only visible rows are drawn; the next page is fetched while scrolling down. */
import { useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import type { RunSearch } from '../../address/page-addresses.ts';
import { formatCount } from '../../format/format-number.ts';
import type { RunRowFragment } from '../../graphql/generated/graphql.ts';
import { useMetricCatalogue } from '../../metrics/metric-catalogue-provider.tsx';
import type { LiveProgress } from '../../run/use-live-progress.ts';
import { listRunColumns, RUN_TABLE_FEATURES, type RunTableRow } from './run-columns.tsx';
import { RunTableHead } from './run-table-head.tsx';
import { RUN_ROW_HEIGHT_PX, RunTableLine } from './run-table-line.tsx';

const OVERSCAN_ROWS = 12;

type RunTableProps = {
  runs: readonly RunRowFragment[];
  totalCount: number;
  search: RunSearch;
  progress: ReadonlyMap<string, LiveProgress>;
  selected: ReadonlySet<string>;
  fetchMore: () => void;
  onSearchChange: (part: Partial<RunSearch>) => void;
  onSelectedChange: (selected: ReadonlySet<string>) => void;
};

export function RunTable(props: RunTableProps) {
  const { runs, totalCount, progress, selected, fetchMore, onSelectedChange } = props;
  const box = useRef<HTMLDivElement>(null);
  const table = useRunTable(runs, progress);
  const rows = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => RUN_ROW_HEIGHT_PX,
    overscan: OVERSCAN_ROWS,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastShown >= rows.length - OVERSCAN_ROWS) fetchMore();
  }, [lastShown, rows.length, fetchMore]);
  function toggle(id: string) {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelectedChange(next);
  }
  return (
    <div className="rounded-lg border border-line bg-surface">
      <div ref={box} className="relative max-h-[calc(100vh-13rem)] overflow-auto rounded-t-lg">
        <table
          aria-label="Runs"
          aria-rowcount={totalCount}
          className="w-full table-fixed border-collapse text-sm"
        >
          <RunTableHead table={table} search={props.search} onSearchChange={props.onSearchChange} />
          <tbody>
            <Spacer heightPx={items[0]?.start ?? 0} columnCount={table.getAllLeafColumns().length} />
            {items.map(({ index }) => {
              const row = rows[index];
              return (
                row && (
                  <RunTableLine key={row.id} row={row} selected={selected.has(row.id)} onToggle={toggle} />
                )
              );
            })}
            <Spacer
              heightPx={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)}
              columnCount={table.getAllLeafColumns().length}
            />
          </tbody>
        </table>
      </div>
      <p className="border-t border-line px-4 py-2 text-xs text-muted-foreground">
        {formatCount(runs.length)} of {formatCount(totalCount)} runs loaded
        {selected.size > 0 && ` · ${selected.size} selected`}
      </p>
    </div>
  );
}

function useRunTable(runs: readonly RunRowFragment[], progress: ReadonlyMap<string, LiveProgress>) {
  const data = useMemo<RunTableRow[]>(
    () => runs.map((run) => ({ ...run, live: progress.get(run.id) })),
    [runs, progress],
  );
  const catalogue = useMetricCatalogue();
  const columns = useMemo(() => listRunColumns(catalogue), [catalogue]);
  return useTable({
    features: RUN_TABLE_FEATURES,
    data,
    columns,
    getRowId: ({ id }) => id,
  });
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
