'use client';
/** The form that opens a TEST: why, and by whom. */
import { zodResolver } from '@hookform/resolvers/zod';
import type { ReactNode } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import * as z from 'zod/mini';
import { ActFields, actSchema, EMPTY_ACT } from '../form/act-fields.tsx';
import '../form/checked-values.ts';
import { SubmitRow } from '../form/submit-row.tsx';
import { useFormAction } from '../form/use-form-action.ts';
import { Notice } from '../ui/notice.tsx';

/** What is chosen beside an opening. */
export type OpeningChoice = {
  /** A run whose TEST is opened with it, for the same reason. */
  alsoRunId: string | null;
};

export type OpenedBy = { reason: string; openedBy: string | null } & OpeningChoice;

export type Opening = {
  /** What is opened, as on the button: "Open TEST". */
  act: string;
  /** What it belongs to. */
  ofWhat: string;
  /** Where the opening is recorded, and how it is counted. */
  record: ReactNode;
  /** What else may be chosen; a field of the form. */
  choice?: ReactNode;
  /** An example of a reason. */
  example: string;
  /** Shown when it is done. */
  done: string;
  /** On the button while the API works. */
  busy?: string;
  open: (by: OpenedBy) => Promise<unknown>;
};

const schema = z.extend(actSchema, { alsoRunId: z.nullable(z.string()) });

export function OpeningForm({ opening, onDone }: { opening: Opening; onDone: () => void }) {
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { ...EMPTY_ACT, alsoRunId: null } });
  const action = useFormAction(form);
  const submit = form.handleSubmit(async ({ reason, who, alsoRunId }) => {
    const by = { reason, openedBy: who, alsoRunId };
    if (await action.run(() => opening.open(by), opening.done)) onDone();
  });
  return (
    <FormProvider {...form}>
      <form onSubmit={submit} className="flex flex-col gap-4" aria-label={opening.act}>
        <Notice tone="caution" title="This is recorded and counted, and cannot be undone.">
          {opening.record}
        </Notice>
        <ActFields placeholder={opening.example} />
        {opening.choice}
        <SubmitRow disabled={action.busy}>
          {action.busy && opening.busy ? opening.busy : 'Open TEST and record it'}
        </SubmitRow>
      </form>
    </FormProvider>
  );
}
