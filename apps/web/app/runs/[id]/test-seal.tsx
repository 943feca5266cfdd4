'use client';
/** The sealed TEST: why it is sealed, and opening it, an act that is recorded and counted. */
import { useMutation } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { LockKeyhole } from 'lucide-react';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { useAction } from '../../../api/use-action.ts';
import { OpenTestDocument, type RunPageFragment } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, Input, Textarea } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';

const schema = z.object({
  reason: z.string().trim().min(1, 'Say why: it is recorded.'),
  openedBy: z.string().trim(),
});

export function TestSeal({ run }: { run: RunPageFragment }) {
  const [open, setOpen] = useState(false);
  const count = run.split.testOpeningCount;
  return (
    <section
      aria-label="TEST"
      className="mb-5 flex flex-wrap items-center gap-4 rounded-lg border border-dashed border-test/60 bg-surface p-5"
    >
      <LockKeyhole className="size-6 shrink-0 text-test" aria-hidden />
      <div className="min-w-60 flex-1">
        <h2 className="font-semibold">TEST is sealed</h2>
        <p className="mt-0.5 max-w-2xl text-sm text-muted-foreground">
          Its predictions are stored but nothing of them can be read: choose runs on VALIDATION, and open TEST
          for finalists only. On this split it was opened {count} {count === 1 ? 'time' : 'times'} so far.
        </p>
      </div>
      <Dialog
        title="Open TEST"
        description={`For ${run.name}.`}
        open={open}
        onOpenChange={setOpen}
        trigger={
          <Button disabled={run.status !== 'SUCCEEDED'}>
            <LockKeyhole />
            Open TEST
          </Button>
        }
      >
        <OpenTestForm run={run} onDone={() => setOpen(false)} />
      </Dialog>
    </section>
  );
}

function OpenTestForm({ run, onDone }: { run: RunPageFragment; onDone: () => void }) {
  const form = useForm<z.infer<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { reason: '', openedBy: '' },
  });
  const [openTest] = useMutation(OpenTestDocument);
  const action = useAction();
  const { errors } = form.formState;
  const submit = form.handleSubmit(async ({ reason, openedBy }) => {
    const variables = { runId: run.id, reason, openedBy: openedBy || null };
    if (await action.run(() => openTest({ variables }), 'TEST is open for this run')) onDone();
  });
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" aria-label="Open TEST">
      <Notice tone="caution" title="This is recorded and counted, and cannot be taken back.">
        Who opened it, when and why stays on the split for all to see. It will be opening number{' '}
        {run.split.testOpeningCount + 1} of this split; each makes the next figure a little less honest.
      </Notice>
      <Field label="Reason" error={errors.reason?.message}>
        <Textarea {...form.register('reason')} placeholder="Finalist of the shallow vs deep comparison" />
      </Field>
      <Field label="Your name">
        <Input {...form.register('openedBy')} autoComplete="name" />
      </Field>
      <div className="flex justify-end">
        <Button type="submit" look="primary" disabled={action.busy}>
          Open TEST and record it
        </Button>
      </div>
    </form>
  );
}
