'use client';
/** The secret of a webhook, shown once: its owner copies it now. */
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';

export function SecretDialog({ secret, onClose }: { secret: string | null; onClose: () => void }) {
  return (
    <Dialog
      title="The secret of this webhook"
      open={secret !== null}
      onOpenChange={(open) => open || onClose()}
    >
      <div className="flex flex-col gap-4 text-sm">
        <Notice tone="caution">Copy it now: it is not shown again.</Notice>
        <code className="rounded-md border border-line bg-surface-muted px-3 py-2 font-mono text-xs break-all select-all">
          {secret}
        </code>
        <p className="text-muted-foreground">
          What is sent is signed with it, as Standard Webhooks says: give it to any library of that name to
          check that a message is from here.
        </p>
        <div className="flex justify-end">
          <Button look="primary" onClick={onClose}>
            I have copied it
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
