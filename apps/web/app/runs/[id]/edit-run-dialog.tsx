'use client';
/** Edits a run's name, notes and tags. */
import { Pencil } from 'lucide-react';
import { useState } from 'react';
import type { RunPageFragment } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { loadLater } from '../../../ui/load-later.tsx';

const EditRunForm = loadLater(async () => (await import('./edit-run-form.tsx')).EditRunForm);

export function EditRunDialog({ run }: { run: RunPageFragment }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title="Edit run"
      open={open}
      onOpenChange={setOpen}
      prepare={EditRunForm.load}
      trigger={
        <Button>
          <Pencil />
          Edit
        </Button>
      }
    >
      <EditRunForm run={run} onDone={() => setOpen(false)} />
    </Dialog>
  );
}
