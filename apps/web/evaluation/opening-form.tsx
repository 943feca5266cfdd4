'use client';
/** The form that opens a TEST: why, and by whom. */
import { zodResolver } from '@hookform/resolvers/zod';
import type { ReactNode } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import { ActFields, actSchema, EMPTY_ACT } from '../form/act-fields.tsx';
import { useFormAction } from '../form/use-form-action.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';

export type Opening = {
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

export function OpeningForm({ opening, onDone }: { opening: Opening; onDone: () => void }) {
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
