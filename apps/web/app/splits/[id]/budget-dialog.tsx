'use client';
/** Sets how often TEST of a split may be opened, on record. */
import { type ComponentProps, useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { loadLater } from '../../../ui/load-later.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';

const BudgetForm = loadLater(
  async () => (await import('./budget-form.tsx')).BudgetForm,
  <Skeleton className="h-56" />,
);

type BudgetDialogProps = Pick<ComponentProps<typeof BudgetForm>, 'split'>;

export function BudgetDialog({ split }: BudgetDialogProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title="Set a budget for TEST"
      description="How often TEST of this split may be opened in all. An opening beyond it is refused. A later budget may be larger, and every budget stays on record."
      open={open}
      onOpenChange={setOpen}
      prepare={BudgetForm.load}
      trigger={<Button size="sm">{split.budget === null ? 'Set a budget' : 'Change the budget'}</Button>}
    >
      <BudgetForm split={split} onDone={() => setOpen(false)} />
    </Dialog>
  );
}
