'use client';
/** Sets how often TEST of a split may be opened, on record. */
import { useMutation } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import { ActFields, actSchema, EMPTY_ACT } from '../../../form/act-fields.tsx';
import '../../../form/checked-values.ts';
import { z } from 'zod';
import { useFormAction } from '../../../form/use-form-action.ts';
import { SetTestBudgetDocument } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, Input } from '../../../ui/field.tsx';

type Split = { id: string; openedCount: number; budget: number | null };

export function BudgetDialog({ split }: { split: Split }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title="Set a budget for TEST"
      description="How often TEST of this split may be opened in all. An opening beyond it is refused. A later budget may be larger, and every budget stays on record."
      open={open}
      onOpenChange={setOpen}
      trigger={<Button size="sm">{split.budget === null ? 'Set a budget' : 'Change the budget'}</Button>}
    >
      <BudgetForm split={split} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

function BudgetForm({ split: { id, openedCount, budget }, onDone }: { split: Split; onDone: () => void }) {
  const schema = actSchema.extend({
    openings: z
      .string()
      .trim()
      .regex(/^\d+$/, 'A whole number.')
      .refine(
        (text) => Number(text) >= openedCount,
        `TEST was opened ${openedCount} times already: not below that.`,
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
        <div className="flex justify-end">
          <Button type="submit" look="primary" disabled={action.busy}>
            Set it and record it
          </Button>
        </div>
      </form>
    </FormProvider>
  );
}
