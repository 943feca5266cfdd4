'use client';
/** What may be asked of a value that was clicked in the table: one menu for all of them, at the place of the click. */
import { Flag, ListFilter } from 'lucide-react';
import { MenuItem, PlacedMenu } from '../../../ui/menu.tsx';
import { listConditions } from '../columns/condition-line.ts';
import type { ClickedValue } from './table-line.tsx';

type ValueMenuProps = {
  clicked: ClickedValue;
  onClose: () => void;
  onCondition: (condition: string) => void;
  /** Null takes none. */
  onBaseline: (runId: string | null) => void;
  baselineId: string | null;
};

export function ValueMenu({ clicked, onClose, onCondition, onBaseline, baselineId }: ValueMenuProps) {
  const { column, run, button } = clicked;
  const conditions =
    column.type === null
      ? []
      : listConditions({ field: column.name, type: column.type, value: column.read(run) });
  return (
    <PlacedMenu align="start" label={`Filter by ${column.title}`} button={button} onClose={onClose}>
      {conditions.map(({ title, condition }) => (
        <MenuItem key={condition} onSelect={() => onCondition(condition)}>
          <ListFilter />
          {title}
          <span className="ml-auto max-w-60 truncate pl-3 font-mono text-xs text-muted-foreground">
            {condition}
          </span>
        </MenuItem>
      ))}
      <MenuItem onSelect={() => onBaseline(run.id === baselineId ? null : run.id)}>
        <Flag />
        {run.id === baselineId ? 'No baseline' : 'Take this run as baseline'}
      </MenuItem>
    </PlacedMenu>
  );
}
