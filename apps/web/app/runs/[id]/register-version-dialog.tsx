'use client';
/** Registers this run as the next version of a model, or of a new one. */
import { Boxes } from 'lucide-react';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { loadLater } from '../../../ui/load-later.tsx';

const RegisterVersionForm = loadLater(
  async () => (await import('./register-version-form.tsx')).RegisterVersionForm,
);

export function RegisterVersionDialog({ runId }: { runId: string }) {
  return (
    <Dialog
      title="Register as model version"
      description="A version keeps this run's saved result under a model's name; promoting it is a separate step."
      prepare={RegisterVersionForm.load}
      trigger={
        <Button look="primary">
          <Boxes />
          Register model
        </Button>
      }
    >
      <RegisterVersionForm runId={runId} />
    </Dialog>
  );
}
