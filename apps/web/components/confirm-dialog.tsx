'use client';
/** Asks before something that cannot be undone; stays open with a toast when the API refuses. */
import { type ReactNode, useState } from 'react';
import { useAction } from '../api/use-action.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

type ConfirmDialogProps = {
  trigger?: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  title: string;
  children: ReactNode;
  confirm: string;
  done: string;
  onConfirm: () => Promise<unknown>;
};

export function ConfirmDialog(props: ConfirmDialogProps) {
  const [ownOpen, setOwnOpen] = useState(false);
  const open = props.open ?? ownOpen;
  const setOpen = props.onOpenChange ?? setOwnOpen;
  const { run, busy } = useAction();
  async function confirm() {
    if (await run(props.onConfirm, props.done)) setOpen(false);
  }
  return (
    <Dialog title={props.title} trigger={props.trigger} open={open} onOpenChange={setOpen}>
      <div className="text-sm text-muted-foreground">{props.children}</div>
      <div className="mt-5 flex justify-end gap-2">
        <Button onClick={() => setOpen(false)}>Keep</Button>
        <Button look="danger" disabled={busy} onClick={confirm}>
          {props.confirm}
        </Button>
      </div>
    </Dialog>
  );
}
