'use client';
/** The form of how often TEST of a split may be opened. */
import { useMutation } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { FormProvider, useForm } from 'react-hook-form';
import { ActFields, actSchema, EMPTY_ACT } from '../../../form/act-fields.tsx';
import '../../../form/checked-values.ts';
import * as z from 'zod/mini';
import { SubmitRow } from '../../../form/submit-row.tsx';
import { useFormAction } from '../../../form/use-form-action.ts';
import { SetTestBudgetDocument } from '../../../graphql/generated/graphql.ts';
import { Field, Input } from '../../../ui/field.tsx';

type BudgetFormProps = {
  split: { id: string; openedCount: number; budget: number | null };
  onDone: () => void;
};

export function BudgetForm({ split: { id, openedCount, budget }, onDone }: BudgetFormProps) {
  const schema = z.extend(actSchema, {
    openings: z.string().check(
      z.trim(),
      z.regex(/^\d+$/, 'A whole number.'),
      z.refine(
        (text) => Number(text) >= openedCount,
        `TEST was opened ${openedCount} times already: not below that.`,
      ),
    ),
  });
  const openings = String(Math.max(budget ?? 1, openedCount));
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { ...EMPTY_ACT, openings } });
  const [setBudget] = useMutation(SetTestBudgetDocument);
  const action = useFormAction(form);
  const submit = form.handleSubmit(async ({ openings: text, reason, who }) => {
    const variables = { splitId: id, openings: Number(text), reason, setBy: who };
    if (await action.run(() => setBudget({ variables }), 'The budget is set')) onDone();
  });
  return (
    <FormProvider {...form}>
      <form onSubmit={submit} className="flex flex-col gap-4" aria-label="Set a budget for TEST">
        <Field label="Openings in all" error={form.formState.errors.openings?.message}>
          <Input {...form.register('openings')} inputMode="numeric" />
        </Field>
        <ActFields placeholder="One opening for each of the two finalists" />
        <SubmitRow disabled={action.busy}>Set it and record it</SubmitRow>
      </form>
    </FormProvider>
  );
}
