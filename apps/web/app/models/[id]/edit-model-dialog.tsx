'use client';
/** Edits a model's description, and the intended use that opens the card of each version. */
import { Pencil } from 'lucide-react';
import { useState } from 'react';
import type { ModelPageFragment } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { loadLater } from '../../../ui/load-later.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';

const EditModelForm = loadLater(
  async () => (await import('./edit-model-form.tsx')).EditModelForm,
  <Skeleton className="h-72" />,
);

export function EditModelDialog({ model }: { model: ModelPageFragment }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title={`Edit ${model.name}`}
      open={open}
      onOpenChange={setOpen}
      prepare={EditModelForm.load}
      trigger={
        <Button>
          <Pencil />
          Edit
        </Button>
      }
    >
      <EditModelForm model={model} onDone={() => setOpen(false)} />
    </Dialog>
  );
}
