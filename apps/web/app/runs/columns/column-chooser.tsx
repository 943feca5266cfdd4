'use client';
/** Chooses the columns of the run table. */
import { Columns3 } from 'lucide-react';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { loadLater } from '../../../ui/load-later.tsx';
import type { ColumnListsProps } from './column-lists.tsx';

const ColumnLists = loadLater(async () => (await import('./column-lists.tsx')).ColumnLists);

export function ColumnChooser(props: ColumnListsProps) {
  return (
    <Dialog
      title="Columns"
      description="Any hyperparameter, metric, figure or tag. The choice is in the address, and kept in this browser."
      className="max-w-3xl"
      prepare={ColumnLists.load}
      trigger={
        <Button size="sm">
          <Columns3 />
          Columns
        </Button>
      }
    >
      <ColumnLists {...props} />
    </Dialog>
  );
}
