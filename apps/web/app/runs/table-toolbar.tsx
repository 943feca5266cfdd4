'use client';
/** Above the run table: its columns, its groups, its baseline, and what has to be said of it. */
import { Flag, Group, RefreshCw, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { ColumnChooser } from './columns/column-chooser.tsx';
import type { ColumnActs } from './columns/column-menu.tsx';
import type { RunColumn } from './columns/run-column.ts';

type TableToolbarProps = {
  columns: readonly RunColumn[];
  acts: ColumnActs;
  /** Why some columns are left out. */
  error: string | null;
  /** Of the field that the runs are grouped by. */
  groupTitle: string | null;
  baselineName: string | null;
  isStale: boolean;
  onReload: () => void;
  onUngroup: () => void;
  onNoBaseline: () => void;
  children?: ReactNode;
};

export function TableToolbar(props: TableToolbarProps) {
  const { columns, acts, error, groupTitle, baselineName, isStale } = props;
  return (
    <div className="mb-2 flex flex-wrap items-center gap-2">
      <ColumnChooser columns={columns} layout={acts.layout} onLayout={acts.onLayout} />
      {props.children}
      {groupTitle !== null && (
        <Chosen
          icon={<Group />}
          text={`Grouped by ${groupTitle}`}
          act="No groups"
          onClear={props.onUngroup}
        />
      )}
      {baselineName !== null && (
        <Chosen
          icon={<Flag />}
          text={`Baseline ${baselineName}`}
          act="No baseline"
          onClear={props.onNoBaseline}
        />
      )}
      {isStale && (
        <Button size="sm" onClick={props.onReload}>
          <RefreshCw />
          Runs have changed: sort them again
        </Button>
      )}
      {error && (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
    </div>
  );
}

type ChosenProps = { icon: ReactNode; text: string; act: string; onClear: () => void };

function Chosen({ icon, text, act, onClear }: ChosenProps) {
  return (
    <span className="inline-flex h-7 max-w-72 items-center gap-1.5 rounded-md bg-accent-soft px-2 text-xs [&_svg]:size-3.5 [&_svg]:shrink-0">
      {icon}
      <span className="truncate">{text}</span>
      <button
        type="button"
        aria-label={act}
        title={act}
        onClick={onClear}
        className="rounded-sm hover:text-accent"
      >
        <X />
      </button>
    </span>
  );
}
