'use client';
/** The sealed TEST of a cross-validation, and opening it for all folds: one act, recorded and counted for each split. */
import { useMutation } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { LockKeyhole } from 'lucide-react';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { useAction } from '../../../api/use-action.ts';
import { OpenSweepTestDocument, type SweepPageFragment } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, Input, Textarea } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';

const schema = z.object({
  reason: z.string().trim().min(1, 'Say why: it is recorded.'),
  openedBy: z.string().trim(),
});

export function SweepSeal({ sweep }: { sweep: SweepPageFragment }) {
  const [open, setOpen] = useState(false);
  const waiting = sweep.ranking.filter(({ run }) => run.status !== 'SUCCEEDED').length;
  return (
    <section
      aria-label="TEST"
      className="mb-5 flex flex-wrap items-center gap-4 rounded-lg border border-dashed border-test/60 bg-surface p-5"
    >
      <LockKeyhole className="size-6 shrink-0 text-test" aria-hidden />
      <div className="min-w-60 flex-1">
        <h2 className="font-semibold">TEST of every fold is sealed</h2>
        <p className="mt-0.5 max-w-2xl text-sm text-muted-foreground">
          It is opened for all folds together or for none, and gives one pooled result: every patient
          predicted by the network that never saw it.
          {waiting > 0 &&
            ` First every run has to succeed: ${waiting} of ${sweep.ranking.length} have not yet.`}
        </p>
      </div>
      <Dialog
        title="Open TEST of all folds"
        description={`Of ${sweep.name}.`}
        open={open}
        onOpenChange={setOpen}
        trigger={
          <Button disabled={waiting > 0}>
            <LockKeyhole />
            Open TEST of all folds
          </Button>
        }
      >
        <OpenFoldsForm sweep={sweep} onDone={() => setOpen(false)} />
      </Dialog>
    </section>
  );
}

function OpenFoldsForm({ sweep, onDone }: { sweep: SweepPageFragment; onDone: () => void }) {
  const form = useForm<z.infer<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { reason: '', openedBy: '' },
  });
  const [openSweepTest] = useMutation(OpenSweepTestDocument);
  const action = useAction();
  const submit = form.handleSubmit(async ({ reason, openedBy }) => {
    const variables = { id: sweep.id, reason, openedBy: openedBy || null };
    if (await action.run(() => openSweepTest({ variables }), 'TEST of all folds is open')) onDone();
  });
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" aria-label="Open TEST of all folds">
      <Notice tone="caution" title="This is recorded and counted, and cannot be taken back.">
        Who opened it, when and why stays on all {sweep.ranking.length} splits for all to see, and counts once
        on each.
      </Notice>
      <Field label="Reason" error={form.formState.errors.reason?.message}>
        <Textarea {...form.register('reason')} placeholder="The setting is chosen; this is its report" />
      </Field>
      <Field label="Your name">
        <Input {...form.register('openedBy')} autoComplete="name" />
      </Field>
      <div className="flex justify-end">
        <Button type="submit" look="primary" disabled={action.busy}>
          {action.busy ? 'Computing intervals …' : 'Open TEST and record it'}
        </Button>
      </div>
    </form>
  );
}
