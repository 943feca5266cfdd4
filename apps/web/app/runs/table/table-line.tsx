'use client';
/** One run in the table, with its checkbox. All rows have the same height: the virtual list relies on it. */
import { Flag, ListFilter } from 'lucide-react';
import { type CSSProperties, type MouseEvent, memo } from 'react';
import { classNames } from '../../../ui/class-names.ts';
import { Checkbox } from '../../../ui/field.tsx';
import type { RunColumn, RunTableRow } from '../columns/run-column.ts';
import { showDifference } from '../columns/show-difference.ts';
import type { PlacedColumn } from './place-columns.ts';

export const RUN_ROW_HEIGHT_PX = 60;

/** A value that was clicked, and the button that it was clicked by. */
export type ClickedValue = { column: RunColumn; run: RunTableRow; button: HTMLElement };

type TableLineProps = {
  run: RunTableRow;
  columns: readonly PlacedColumn[];
  /** The run that it is compared with. */
  baseline: RunTableRow | null;
  isBaseline?: boolean;
  selected: boolean;
  onToggle: (id: string) => void;
  onValue: (clicked: ClickedValue) => void;
};

/** The id of the run in whose line an element stands. */
export function readRunOfLine(element: Element | null): string | null {
  return element?.closest<HTMLElement>('tr[data-run]')?.dataset.run ?? null;
}

/** May show another run than before: what its parts keep, they keep by the run. */
export const TableLine = memo(function TableLine(props: TableLineProps) {
  const { run, columns, baseline, isBaseline = false, selected, onToggle, onValue } = props;
  return (
    <tr
      data-run={run.id}
      style={{ height: RUN_ROW_HEIGHT_PX }}
      className={classNames(
        'border-b border-line bg-surface hover:bg-surface-muted',
        run.unsafe && 'hatched',
        selected && 'bg-accent-soft hover:bg-accent-soft',
        isBaseline && 'text-left text-sm font-normal text-foreground shadow-[0_2px_0_var(--line-strong)]',
      )}
    >
      <td className="sticky left-0 z-1 bg-inherit px-3">
        {isBaseline ? (
          <Flag className="size-4 text-accent" aria-label="Baseline" />
        ) : (
          <Checkbox
            className="block"
            aria-label={`Select ${run.name}`}
            checked={selected}
            onChange={() => onToggle(run.id)}
          />
        )}
      </td>
      {columns.map(({ column, stickyStyle }) => (
        <td
          key={column.name}
          style={stickyStyle as CSSProperties}
          className={classNames(
            'group/cell relative truncate px-2.5',
            column.align === 'right' && 'text-right',
            stickyStyle && 'z-1 bg-inherit',
          )}
        >
          <Cell column={column} run={run} onValue={onValue} />
          {baseline && baseline.id !== run.id && <Difference column={column} run={run} baseline={baseline} />}
        </td>
      ))}
    </tr>
  );
});

type DifferenceProps = { column: RunColumn; run: RunTableRow; baseline: RunTableRow };

function Difference({ column, run, baseline }: DifferenceProps) {
  const text = showDifference(column, run, baseline);
  if (text === null) return null;
  return (
    <span className="block text-xs text-muted-foreground tabular-nums" title="Difference to the baseline">
      {text}
    </span>
  );
}

/** A value asks by a click for runs like it. By keys the filter line does, so that a row is not ten stops of the Tab key. */
function Cell({ column, run, onValue }: Pick<TableLineProps, 'run' | 'onValue'> & { column: RunColumn }) {
  const content = column.show(run);
  if (column.type === null) return content;
  const ask = ({ currentTarget }: MouseEvent<HTMLElement>) => onValue({ column, run, button: currentTarget });
  if (column.isPlain) {
    return (
      <button
        type="button"
        tabIndex={-1}
        title={`Filter by ${column.title}`}
        onClick={ask}
        className={classNames(
          'block w-full cursor-pointer truncate decoration-dotted underline-offset-4 hover:underline',
          column.align === 'right' ? 'text-right' : 'text-left',
        )}
      >
        {content}
      </button>
    );
  }
  return (
    <>
      {content}
      <button
        type="button"
        tabIndex={-1}
        aria-label={`Filter by ${column.title}`}
        onClick={ask}
        className="absolute top-1 right-0.5 rounded-sm bg-surface p-1 text-muted-foreground opacity-0 group-hover/cell:opacity-100 hover:text-foreground focus-visible:opacity-100"
      >
        <ListFilter className="size-3.5" aria-hidden />
      </button>
    </>
  );
}
