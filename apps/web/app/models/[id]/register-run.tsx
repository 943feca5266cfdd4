'use client';
/** Registers a successful run as the next version of a model. */
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { loadLater } from '../../../ui/load-later.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';

const RegisterRunForm = loadLater(
  async () => (await import('./register-run-form.tsx')).RegisterRunForm,
  <Skeleton className="h-48" />,
);

type RegisterRunProps = { modelId: string; registered: readonly string[] };

export function RegisterRun(props: RegisterRunProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title="Register run"
      description="The saved result of a successful run becomes the next version."
      open={open}
      onOpenChange={setOpen}
      prepare={RegisterRunForm.load}
      trigger={
        <Button>
          <Plus />
          Register run
        </Button>
      }
    >
      <RegisterRunForm {...props} onDone={() => setOpen(false)} />
    </Dialog>
  );
}
