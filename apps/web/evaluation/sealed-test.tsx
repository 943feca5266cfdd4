'use client';
/** A sealed TEST: why it is sealed, and the dialog that opens it; an opening is recorded and counted. */
import { zodResolver } from '@hookform/resolvers/zod';
import { LockKeyhole } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import { ActFields, actSchema, EMPTY_ACT } from '../form/act-fields.tsx';
import { useFormAction } from '../form/use-form-action.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';

type Opening = {
  /** What is opened, as on the button: "Open TEST". */
  act: string;
  /** What it belongs to. */
  ofWhat: string;
  /** Where the opening is recorded, and how it is counted. */
  record: ReactNode;
  /** An example of a reason. */
  example: string;
  /** Shown when it is done. */
  done: string;
  /** On the button while the API works. */
  busy?: string;
  open: (by: { reason: string; openedBy: string | null }) => Promise<unknown>;
};

type SealedTestProps = { title: string; children: ReactNode; isReady: boolean; opening: Opening };

export function SealedTest({ title, children, isReady, opening }: SealedTestProps) {
  const [open, setOpen] = useState(false);
  return (
    <section
      aria-label="TEST"
      className="mb-5 flex flex-wrap items-center gap-4 rounded-lg border border-dashed border-test/60 bg-surface p-5"
    >
      <LockKeyhole className="size-6 shrink-0 text-test" aria-hidden />
      <div className="min-w-60 flex-1">
        <h2 className="font-semibold">{title}</h2>
        <p className="mt-0.5 max-w-2xl text-sm text-muted-foreground">{children}</p>
      </div>
      <Dialog
        title={opening.act}
        description={opening.ofWhat}
        open={open}
        onOpenChange={setOpen}
        trigger={
          <Button disabled={!isReady}>
            <LockKeyhole />
            {opening.act}
          </Button>
        }
      >
        <OpeningForm opening={opening} onDone={() => setOpen(false)} />
      </Dialog>
    </section>
  );
}

function OpeningForm({ opening, onDone }: { opening: Opening; onDone: () => void }) {
  const form = useForm({ resolver: zodResolver(actSchema), defaultValues: EMPTY_ACT });
  const action = useFormAction(form);
  const submit = form.handleSubmit(async ({ reason, who }) => {
    if (await action.run(() => opening.open({ reason, openedBy: who }), opening.done)) onDone();
  });
  return (
    <FormProvider {...form}>
      <form onSubmit={submit} className="flex flex-col gap-4" aria-label={opening.act}>
        <Notice tone="caution" title="This is recorded and counted, and cannot be undone.">
          {opening.record}
        </Notice>
        <ActFields placeholder={opening.example} />
        <div className="flex justify-end">
          <Button type="submit" look="primary" disabled={action.busy}>
            {action.busy && opening.busy ? opening.busy : 'Open TEST and record it'}
          </Button>
        </div>
      </form>
    </FormProvider>
  );
}
