'use client';
/** The head of the run table: sorts by a click, further with Shift; columns are dragged to their place and width. */
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type CSSProperties, type DragEvent, type MouseEvent, memo, type ReactNode, useState } from 'react';
import { classNames } from '../../../ui/class-names.ts';
import { Checkbox } from '../../../ui/field.tsx';
import { placeColumn, resizeColumn } from '../columns/column-layout.ts';
import { type ColumnActs, ColumnMenu } from '../columns/column-menu.tsx';
import { ResizeHandle } from '../columns/resize-handle.tsx';
import type { RunColumn } from '../columns/run-column.ts';
import { turnSort } from '../columns/sort-line.ts';
import type { PlacedColumn } from './place-columns.ts';

type TableHeadProps = {
  columns: readonly PlacedColumn[];
  acts: ColumnActs;
  /** Null while only some are selected. */
  allSelected: boolean | null;
  onSelectAll: (all: boolean) => void;
  /** Of a column that is being dragged wider. */
  onDragWidth: (width: { name: string; px: number } | null) => void;
  /** Rows that stay in sight below the headings. */
  children?: ReactNode;
};

export function TableHead(props: TableHeadProps) {
  const { columns, acts, allSelected, onSelectAll, onDragWidth, children } = props;
  const [dragged, setDragged] = useState<string | null>(null);
  return (
    <thead className="sticky top-0 z-10 bg-surface text-xs text-muted-foreground shadow-[0_1px_0_var(--line)]">
      <tr className="bg-surface">
        <th scope="col" className="sticky left-0 z-10 bg-surface px-3 text-left">
          <Checkbox
            className="block"
            aria-label="Select all that match"
            checked={allSelected === true}
            ref={(box) => {
              if (box) box.indeterminate = allSelected === null;
            }}
            onChange={({ target }) => onSelectAll(target.checked)}
          />
        </th>
        {columns.map((placed) => (
          <HeadCell
            key={placed.column.name}
            placed={placed}
            acts={acts}
            onDragWidth={onDragWidth}
            dragged={dragged}
            onDragged={setDragged}
          />
        ))}
      </tr>
      {children}
    </thead>
  );
}

type HeadCellProps = Pick<TableHeadProps, 'acts' | 'onDragWidth'> & {
  placed: PlacedColumn;
  /** The name of the column that is being dragged to another place. */
  dragged: string | null;
  onDragged: (name: string | null) => void;
};

const HeadCell = memo(function HeadCell({ placed, acts, onDragWidth, dragged, onDragged }: HeadCellProps) {
  const { column, widthPx, stickyStyle } = placed;
  const { name } = column;
  const place = acts.sort.findIndex(({ field }) => field === column.sort);
  const direction = acts.sort[place]?.direction;
  const isOver = dragged !== null && dragged !== name;
  function drop() {
    const to = acts.layout.columns.indexOf(name);
    if (isOver && to >= 0) acts.onLayout(placeColumn(acts.layout, dragged, to));
    onDragged(null);
  }
  return (
    <th
      scope="col"
      title={column.about}
      style={stickyStyle as CSSProperties}
      aria-sort={direction && (direction === 'DESC' ? 'descending' : 'ascending')}
      onDragOver={(event: DragEvent) => isOver && event.preventDefault()}
      onDrop={drop}
      className={classNames(
        'group/head relative px-2.5 py-2 text-left font-medium whitespace-nowrap',
        column.align === 'right' && 'text-right',
        stickyStyle && 'z-10 bg-surface',
      )}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the column's menu moves it as well */}
      <span
        draggable
        onDragStart={() => onDragged(name)}
        onDragEnd={() => onDragged(null)}
        className="block truncate"
      >
        <HeadLabel column={column} acts={acts} place={place} />
      </span>
      <ColumnMenu column={column} acts={acts} />
      <ResizeHandle
        title={column.title}
        widthPx={widthPx}
        onDrag={(px) => onDragWidth({ name, px })}
        onDone={(px) => {
          onDragWidth(null);
          acts.onLayout(resizeColumn(acts.layout, name, px));
        }}
      />
    </th>
  );
});

function HeadLabel({ column, acts, place }: { column: RunColumn; acts: ColumnActs; place: number }) {
  const { sort: field, title } = column;
  if (field === null) return title;
  const direction = acts.sort[place]?.direction;
  const Arrow = direction === 'DESC' ? ArrowDown : ArrowUp;
  const turn = ({ shiftKey }: MouseEvent) => acts.onSort(turnSort(acts.sort, field, shiftKey));
  return (
    <button
      type="button"
      onClick={turn}
      className="inline-flex max-w-full items-center gap-1 hover:text-foreground"
    >
      <span className="truncate">{title}</span>
      {direction && <Arrow className="size-3 shrink-0" aria-hidden />}
      {direction && acts.sort.length > 1 && <span className="shrink-0 tabular-nums">{place + 1}</span>}
    </button>
  );
}
