'use client';
/** By whom a report is frozen. */
import { useMutation } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import * as z from 'zod/mini';
import { OwnNameField } from '../../../access/own-name-field.tsx';
import '../../../form/checked-values.ts';
import { SubmitRow } from '../../../form/submit-row.tsx';
import { useFormAction } from '../../../form/use-form-action.ts';
import { FreezeReportDocument, type ReportFactsFragment } from '../../../graphql/generated/graphql.ts';

const schema = z.object({ who: z.string().check(z.trim()) });

type FreezeFormProps = { report: ReportFactsFragment; onDone: () => void };

export function FreezeForm({ report: { id, version }, onDone }: FreezeFormProps) {
  const [freezeReport] = useMutation(FreezeReportDocument);
  const form = useForm<z.infer<typeof schema>>({ resolver: zodResolver(schema), defaultValues: { who: '' } });
  const action = useFormAction(form, { frozenBy: 'who' });
  const submit = form.handleSubmit(async ({ who }) => {
    const variables = { id, version, frozenBy: who || null };
    if (await action.run(() => freezeReport({ variables }), 'The report is frozen')) onDone();
  });
  return (
    <form onSubmit={submit} aria-label="Freeze report" className="flex flex-col gap-4">
      <p className="text-sm text-muted-foreground">
        What every panel shows now is kept and no longer asked for. The text does not change either until it
        is thawed.
      </p>
      <OwnNameField
        hint="Shown with the report."
        error={form.formState.errors.who?.message}
        registered={form.register('who')}
        fill={(name) => form.setValue('who', name)}
      />
      <SubmitRow disabled={action.busy}>Freeze now</SubmitRow>
    </form>
  );
}
