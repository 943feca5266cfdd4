'use client';
/** What the lines of the run table do: what the address says of columns, order and groups, the selection, and the baseline. */
import { useQuery } from '@apollo/client/react';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { RunSearch } from '../../address/page-addresses.ts';
import { RunValuesDocument } from '../../graphql/generated/graphql.ts';
import { readLayout, writeLayout } from './columns/column-layout.ts';
import type { ColumnActs } from './columns/column-menu.tsx';
import { readSort, writeSort } from './columns/sort-line.ts';
import { NOTHING_CHOSEN, type RunChoice, toggleRun } from './table/run-choice.ts';
import type { LineActs } from './table/table-frame.tsx';
import type { ClickedValue } from './table/table-line.tsx';

type Change = (part: Partial<RunSearch>) => void;

export function useColumnActs(search: RunSearch, change: Change): ColumnActs {
  const { columns, pinned, widths, order, direction, sort } = search;
  return useMemo(
    () => ({
      layout: readLayout({ columns, pinned, widths }),
      sort: readSort({ order, direction, sort }),
      onLayout: (next) => change(writeLayout(next)),
      onSort: (keys) => change(writeSort(keys)),
      onGroup: (group) => change({ group }),
    }),
    [columns, pinned, widths, order, direction, sort, change],
  );
}

type Lines = LineActs & {
  clicked: ClickedValue | null;
  closeMenu: () => void;
};

export function useLineActs(search: RunSearch, column: ColumnActs, asked: readonly string[]): Lines {
  const [chosen, setChosen] = useState<RunChoice>(NOTHING_CHOSEN);
  const [clicked, setClicked] = useState<ClickedValue | null>(null);
  const newest = useRef(chosen);
  newest.current = chosen;
  const onToggle = useCallback((id: string) => setChosen(toggleRun(newest.current, id)), []);
  const baseline = useBaseline(search.baseline, asked);
  return {
    column,
    asked,
    chosen,
    baseline,
    clicked,
    onChosen: setChosen,
    onToggle,
    onValue: setClicked,
    closeMenu: () => setClicked(null),
  };
}

/** Null without one, and where it is not there. */
function useBaseline(runId: string, asked: readonly string[]): LineActs['baseline'] {
  const { data, previousData } = useQuery(RunValuesDocument, {
    variables: { ids: [runId], columns: [...asked], first: 1 },
    skip: runId === '',
  });
  if (runId === '') return null;
  const node = (data ?? previousData)?.runs.edges[0]?.node;
  return node?.id === runId ? node : null;
}
