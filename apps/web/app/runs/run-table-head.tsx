'use client';
/** The head of the run table; a click on a sortable column sorts on the server. */
import { FlexRender, type Header, type ReactTable } from '@tanstack/react-table';
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { RunSearch } from '../../address/page-addresses.ts';
import type { RunOrderField } from '../../graphql/generated/graphql.ts';
import { classNames } from '../../ui/class-names.ts';
import type { RunTableFeatures, RunTableRow } from './run-columns.tsx';

const SELECT_WIDTH_PX = 40;

type RunTableHeadProps = {
  table: ReactTable<RunTableFeatures, RunTableRow>;
  search: RunSearch;
  onSearchChange: (part: Partial<RunSearch>) => void;
};

export function RunTableHead({ table, search, onSearchChange }: RunTableHeadProps) {
  function sortBy(order: RunOrderField) {
    const direction = search.order === order && search.direction === 'DESC' ? 'ASC' : 'DESC';
    onSearchChange({ order, direction });
  }
  return (
    <thead className="sticky top-0 z-10 bg-surface text-xs text-muted-foreground shadow-[0_1px_0_var(--line)]">
      <tr>
        <th scope="col" style={{ width: SELECT_WIDTH_PX }}>
          <span className="sr-only">Select</span>
        </th>
        {table.getFlatHeaders().map((header) => (
          <HeadCell key={header.id} header={header} search={search} onSort={sortBy} />
        ))}
      </tr>
    </thead>
  );
}

type HeadCellProps = {
  header: Header<RunTableFeatures, RunTableRow>;
  search: RunSearch;
  onSort: (order: RunOrderField) => void;
};

function HeadCell({ header, search, onSort }: HeadCellProps) {
  const { order, align, about } = header.column.columnDef.meta ?? {};
  const label = <FlexRender header={header} />;
  const sorted = order !== undefined && order === search.order;
  const Arrow = search.direction === 'DESC' ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      title={about}
      style={{ width: header.getSize() }}
      aria-sort={sorted ? (search.direction === 'DESC' ? 'descending' : 'ascending') : undefined}
      className={classNames(
        'px-2.5 py-2 text-left font-medium whitespace-nowrap',
        align === 'right' && 'text-right',
      )}
    >
      {order ? (
        <button
          type="button"
          onClick={() => onSort(order)}
          className="inline-flex items-center gap-1 hover:text-foreground"
        >
          {label}
          {sorted && <Arrow className="size-3" aria-hidden />}
        </button>
      ) : (
        label
      )}
    </th>
  );
}
