'use client';
/** What may be done with a column, behind the arrow in its heading. */
import {
  ArrowDown,
  ArrowLeft,
  ArrowRight,
  ArrowUp,
  ChevronDown,
  EyeOff,
  Group,
  ListPlus,
  Pin,
  PinOff,
} from 'lucide-react';
import { Menu, MenuItem } from '../../../ui/menu.tsx';
import { type ColumnLayout, pinThrough, placeColumn, removeColumn } from './column-layout.ts';
import type { RunColumn } from './run-column.ts';
import type { SortKey } from './sort-line.ts';

export type ColumnActs = {
  layout: ColumnLayout;
  sort: readonly SortKey[];
  onLayout: (layout: ColumnLayout) => void;
  onSort: (keys: SortKey[]) => void;
  onGroup: (name: string) => void;
};

export function ColumnMenu({ column, acts }: { column: RunColumn; acts: ColumnActs }) {
  const { layout, onLayout } = acts;
  const { name, title } = column;
  const at = layout.columns.indexOf(name);
  const isLastPinned = at + 1 === layout.pinned;
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={`Column ${title}`}
          className="absolute top-1/2 right-1 -translate-y-1/2 rounded-sm bg-surface p-0.5 opacity-0 group-hover/head:opacity-100 hover:text-foreground focus-visible:opacity-100 data-[state=open]:opacity-100"
        >
          <ChevronDown className="size-3.5" aria-hidden />
        </button>
      }
    >
      <SortItems column={column} acts={acts} />
      {canGroup(column) && (
        <MenuItem onSelect={() => acts.onGroup(name)}>
          <Group />
          Group by this
        </MenuItem>
      )}
      <MenuItem disabled={at <= 0} onSelect={() => onLayout(placeColumn(layout, name, at - 1))}>
        <ArrowLeft />
        Move left
      </MenuItem>
      <MenuItem
        disabled={at + 1 >= layout.columns.length}
        onSelect={() => onLayout(placeColumn(layout, name, at + 1))}
      >
        <ArrowRight />
        Move right
      </MenuItem>
      <MenuItem onSelect={() => onLayout(pinThrough(layout, name))}>
        {isLastPinned ? <PinOff /> : <Pin />}
        {isLastPinned ? 'Pin no column' : 'Keep in sight up to here'}
      </MenuItem>
      <MenuItem disabled={layout.columns.length === 1} onSelect={() => onLayout(removeColumn(layout, name))}>
        <EyeOff />
        Hide column
      </MenuItem>
    </Menu>
  );
}

function SortItems({ column: { sort: field }, acts }: { column: RunColumn; acts: ColumnActs }) {
  if (field === null) return null;
  const { sort, onSort } = acts;
  const others = sort.filter((key) => key.field !== field);
  return (
    <>
      <MenuItem onSelect={() => onSort([{ field, direction: 'DESC' }])}>
        <ArrowDown />
        Sort falling
      </MenuItem>
      <MenuItem onSelect={() => onSort([{ field, direction: 'ASC' }])}>
        <ArrowUp />
        Sort rising
      </MenuItem>
      <MenuItem
        disabled={others.length === 0}
        onSelect={() => onSort([...others, { field, direction: 'DESC' }])}
      >
        <ListPlus />
        Then by this, falling
      </MenuItem>
      <MenuItem
        disabled={others.length === 0}
        onSelect={() => onSort([...others, { field, direction: 'ASC' }])}
      >
        <ListPlus />
        Then by this, rising
      </MenuItem>
    </>
  );
}

/** Each moment, and each id, is a group of its own. */
function canGroup({ name, type }: RunColumn): boolean {
  return type !== null && type !== 'TIME' && name !== 'id';
}
