'use client';
/** Adds a webhook or a mail address; a webhook's secret is shown afterwards. */
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { loadLater } from '../../ui/load-later.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { SecretDialog } from './secret-dialog.tsx';

const AddReceiverForm = loadLater(
  async () => (await import('./add-receiver-form.tsx')).AddReceiverForm,
  <Skeleton className="h-96" />,
);

export function AddReceiverDialog({ sendsMail }: { sendsMail: boolean }) {
  const [open, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <>
      <Dialog
        title="Add a receiver"
        open={open}
        onOpenChange={setOpen}
        prepare={AddReceiverForm.load}
        trigger={
          <Button look="primary">
            <Plus />
            Add a receiver
          </Button>
        }
      >
        <AddReceiverForm
          sendsMail={sendsMail}
          onDone={(made) => {
            setOpen(false);
            setSecret(made);
          }}
        />
      </Dialog>
      <SecretDialog secret={secret} onClose={() => setSecret(null)} />
    </>
  );
}
