'use client';
/** The window in which a folder or .zip on the server is chosen and its import begun. */
import { type ReactNode, useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { ImportForm } from './import-form.tsx';

type ImportDialogProps = { trigger: ReactNode; onStarted: () => void };

export function ImportDialog({ trigger, onStarted }: ImportDialogProps) {
  const [open, setOpen] = useState(false);
  function close() {
    setOpen(false);
    onStarted();
  }
  return (
    <Dialog
      title="Import dataset"
      description="A folder or .zip of patches on the machine that runs the API. All or nothing: a cancel leaves no trace."
      trigger={trigger}
      open={open}
      onOpenChange={setOpen}
      className="max-w-2xl"
    >
      <ImportForm onStarted={close} />
    </Dialog>
  );
}
