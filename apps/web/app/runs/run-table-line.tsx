'use client';
/** One run in the table, with its checkbox. All rows have the same height: the virtual list relies on it. */
import { FlexRender, type Row } from '@tanstack/react-table';
import { classNames } from '../../ui/class-names.ts';
import { Checkbox } from '../../ui/field.tsx';
import type { RunTableFeatures, RunTableRow } from './run-columns.tsx';

export const RUN_ROW_HEIGHT_PX = 52;

type RunTableLineProps = {
  row: Row<RunTableFeatures, RunTableRow>;
  selected: boolean;
  onToggle: (id: string) => void;
};

export function RunTableLine({ row, selected, onToggle }: RunTableLineProps) {
  return (
    <tr
      style={{ height: RUN_ROW_HEIGHT_PX }}
      className={classNames(
        'border-b border-line hover:bg-surface-muted/60',
        row.original.unsafe && 'hatched',
        selected && 'bg-accent-soft/60',
      )}
    >
      <td className="px-3">
        <Checkbox
          className="block"
          aria-label={`Select ${row.original.name}`}
          checked={selected}
          onChange={() => onToggle(row.id)}
        />
      </td>
      {row.getAllCells().map((cell) => (
        <td
          key={cell.id}
          className={classNames(
            'truncate px-2.5',
            cell.column.columnDef.meta?.align === 'right' && 'text-right',
          )}
        >
          <FlexRender cell={cell} />
        </td>
      ))}
    </tr>
  );
}
