'use client';
/** The run table with its filters; owns what the address says. */
import { ChartScatter, Play } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { useCallback, useRef, useState } from 'react';
import { linkToRelations, RUNS_PARAMETERS, type RunSearch } from '../../address/page-addresses.ts';
import { describeError } from '../../api/error-sentence.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { LaterLink } from '../../components/later-link.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryFrame } from '../../components/query-frame.tsx';
import { DeletionList } from '../../deletion/deletion-list.tsx';
import { formatCount } from '../../format/format-number.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { loadLater, loadSoon, useLoadedWhenIdle } from '../../ui/load-later.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ExportMenu } from './acts/export-menu.tsx';
import { addCondition } from './columns/condition-line.ts';
import { useKeptLayout } from './columns/kept-layout.ts';
import type { RunColumn } from './columns/run-column.ts';
import { useRunColumns } from './columns/use-run-columns.ts';
import { FilterButton, ListSwitches, RunFilters } from './run-filters.tsx';
import { RunQueryLine } from './run-query-line.tsx';
import { isFiltered } from './run-search.ts';
import { countChosen, type RunChoice } from './table/run-choice.ts';
import { TableToolbar } from './table-toolbar.tsx';
import { useColumnActs, useLineActs } from './use-line-acts.ts';
import { useListedRuns } from './use-listed-runs.ts';
import { type OpenView, useSavedViews } from './views/use-saved-views.ts';
import { ViewsMenu } from './views/views-menu.tsx';

const RunTable = loadSoon(
  async () => (await import('./table/run-table.tsx')).RunTable,
  <Skeleton className="h-72" />,
);
const loadBulkBar = () => import('./acts/bulk-bar.tsx');
const BulkBar = loadLater(async () => (await loadBulkBar()).BulkBar);
const RunGroups = loadLater(
  async () => (await import('./groups/run-groups.tsx')).RunGroups,
  <Skeleton className="h-72" />,
);
const ValueMenu = loadLater(async () => (await import('./table/value-menu.tsx')).ValueMenu);

export function RunsView() {
  const [search, setSearch] = useQueryStates(RUNS_PARAMETERS);
  const change = useCallback((part: Partial<RunSearch>) => void setSearch(part), [setSearch]);
  const openView = useCallback<OpenView>((next, history) => void setSearch(next, { history }), [setSearch]);
  const saved = useSavedViews(search, openView);
  const acts = useColumnActs(search, change);
  useKeptLayout(search, { isSettled: saved.isSettled, onFound: change });
  const { columns, asked, error, by } = useRunColumns(acts.layout.columns, search.group);
  const list = useListedRuns(search, asked);
  const lines = useLineActs(search, acts, asked);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <PageHeader
        title="Runs"
        note="Ranked on VALIDATION. TEST stays sealed until it is opened for a run."
        actions={<LaunchLink />}
      />
      <DeletionList kind="RUN" />
      <RunQueryLine
        value={search.query}
        error={search.query && list.query.error ? describeError(list.query.error) : undefined}
        onChange={(line) => change({ query: line })}
      />
      <RunFilters search={search} isOpen={isOpen} onChange={change} />
      <TableToolbar
        columns={columns}
        acts={acts}
        error={error}
        groupTitle={by?.title ?? null}
        baselineName={lines.baseline?.name ?? null}
        isStale={list.isStale}
        onReload={list.showChanges}
        onUngroup={() => change({ group: '' })}
        onNoBaseline={() => change({ baseline: '' })}
      >
        <ViewsMenu {...{ saved, search }} onOpen={openView} onName={(view) => change({ view })} />
        <FilterButton search={search} isOpen={isOpen} onOpen={setOpen} />
        <ListActs {...{ search, columns, change, isOpen }} />
      </TableToolbar>
      <SelectedRuns {...{ search, change, list, lines }} />
      <Listing {...{ search, change, columns, by, list, lines }} />
      {lines.clicked && (
        <ValueMenu
          clicked={lines.clicked}
          onClose={lines.closeMenu}
          onCondition={(condition) => change({ query: addCondition(search.query, condition) })}
          baselineId={search.baseline || null}
          onBaseline={(baseline) => change({ baseline: baseline ?? '' })}
        />
      )}
    </>
  );
}

/** Stays once something was selected: it says what became of an act. */
function SelectedRuns({ search, change, list, lines }: Omit<ListingProps, 'columns' | 'by'>) {
  useLoadedWhenIdle(loadBulkBar);
  const { chosen, onChosen } = lines;
  const isWanted = useRef(false);
  if (chosen.isAll || chosen.ids.size > 0) isWanted.current = true;
  if (!isWanted.current) return null;
  return (
    <BulkBar
      chosen={chosen}
      totalCount={list.connection?.totalCount ?? 0}
      search={search}
      onChosen={onChosen}
      onBaseline={(baseline) => change({ baseline })}
      onChanged={list.showChanges}
    />
  );
}

type ListingProps = {
  search: RunSearch;
  change: (part: Partial<RunSearch>) => void;
  columns: readonly RunColumn[];
  by: RunColumn | null;
  list: ReturnType<typeof useListedRuns>;
  lines: ReturnType<typeof useLineActs>;
};

/** The runs that match: none, in groups, or one by one. */
function Listing({ search, change, columns, by, list, lines }: ListingProps) {
  function showGroup(condition: string) {
    change({ group: '', query: addCondition(search.query, condition) });
  }
  return (
    <QueryFrame {...list.query} data={list.connection}>
      {({ totalCount }) => {
        if (totalCount === 0) return <NoRun search={search} />;
        if (by) return <RunGroups {...{ by, columns, search }} acts={lines} onCondition={showGroup} />;
        return (
          <RunTable
            runs={list.runs}
            totalCount={totalCount}
            columns={columns}
            acts={lines}
            progress={list.progress}
            footer={<Footer loaded={list.runs.length} totalCount={totalCount} chosen={lines.chosen} />}
            fetchMore={list.fetchMore}
            onTop={list.onTop}
          />
        );
      }}
    </QueryFrame>
  );
}

function NoRun({ search }: { search: RunSearch }) {
  return (
    <EmptyState title={isFiltered(search) ? 'No run matches these filters' : 'No run yet'}>
      {isFiltered(search)
        ? 'Change or clear the filters above.'
        : 'Launch one; its progress appears here while it trains.'}
    </EmptyState>
  );
}

type FooterProps = { loaded: number; totalCount: number; chosen: RunChoice };

function Footer({ loaded, totalCount, chosen }: FooterProps) {
  const count = countChosen(chosen, totalCount);
  return (
    <p className="border-t border-line px-4 py-2 text-xs text-muted-foreground">
      {formatCount(loaded)} of {formatCount(totalCount)} runs loaded
      {count > 0 && ` · ${formatCount(count)} selected`}
    </p>
  );
}

type ListActsProps = Pick<ListingProps, 'search' | 'columns' | 'change'> & { isOpen: boolean };

function ListActs({ search, columns, change, isOpen }: ListActsProps) {
  return (
    // Folded with the filters on a phone; elsewhere as if it were not there.
    <div className={classNames('flex-wrap items-center gap-2 sm:contents', isOpen ? 'flex' : 'hidden')}>
      <Button asChild size="sm">
        <LaterLink href={linkToRelations(search)}>
          <ChartScatter />
          Relations
        </LaterLink>
      </Button>
      <ExportMenu search={search} columns={columns} />
      <ListSwitches search={search} onChange={change} />
    </div>
  );
}

function LaunchLink() {
  return (
    <Button asChild look="primary">
      <LaterLink href="/launch">
        <Play />
        Launch run
      </LaterLink>
    </Button>
  );
}
