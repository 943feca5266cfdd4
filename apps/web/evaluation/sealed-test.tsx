'use client';
/** A sealed TEST: why it is sealed, and the dialog that opens it, an act that is recorded and counted. */
import { zodResolver } from '@hookform/resolvers/zod';
import { LockKeyhole } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { useAction } from '../api/use-action.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input, Textarea } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';

const schema = z.object({
  reason: z.string().trim().min(1, 'Say why: it is recorded.'),
  openedBy: z.string().trim(),
});

type Opening = {
  /** What is opened, as on the button: "Open TEST". */
  act: string;
  /** Whose it is. */
  ofWhat: string;
  /** Where the act stays on record, and how it is counted. */
  record: ReactNode;
  /** A reason as one might write it. */
  example: string;
  /** Said when it is done. */
  done: string;
  /** On the button while the API is at it. */
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
  const form = useForm<z.infer<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { reason: '', openedBy: '' },
  });
  const action = useAction();
  const submit = form.handleSubmit(async ({ reason, openedBy }) => {
    if (await action.run(() => opening.open({ reason, openedBy: openedBy || null }), opening.done)) onDone();
  });
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" aria-label={opening.act}>
      <Notice tone="caution" title="This is recorded and counted, and cannot be taken back.">
        {opening.record}
      </Notice>
      <Field label="Reason" error={form.formState.errors.reason?.message}>
        <Textarea {...form.register('reason')} placeholder={opening.example} />
      </Field>
      <Field label="Your name">
        <Input {...form.register('openedBy')} autoComplete="name" />
      </Field>
      <div className="flex justify-end">
        <Button type="submit" look="primary" disabled={action.busy}>
          {action.busy && opening.busy ? opening.busy : 'Open TEST and record it'}
        </Button>
      </div>
    </form>
  );
}
