'use client';
/**
 * Puts the model of a run to the test on other data: choose a dataset, sites of it and a task, and see at once
 * whether the model may be examined on them.
 */
import { ClipboardCheck } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { loadLater } from '../ui/load-later.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

const ExamineForm = loadLater(
  async () => (await import('./examine-form.tsx')).ExamineForm,
  <Skeleton className="h-72" />,
);

type ExamineDialogProps = {
  run: { id: string; name: string };
  /** What is put to the test, where it is more than the run. */
  of?: string;
  size?: 'sm' | 'md';
};

export function ExamineDialog({ run, of = run.name, size = 'md' }: ExamineDialogProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title={`Put ${of} to the test on other data`}
      description="Its network, temperature and threshold stay as they are; a worker predicts, nothing is trained."
      open={open}
      onOpenChange={setOpen}
      prepare={ExamineForm.load}
      className="max-w-2xl"
      trigger={
        <Button size={size}>
          <ClipboardCheck />
          Put to the test
        </Button>
      }
    >
      <ExamineForm runId={run.id} />
    </Dialog>
  );
}
