'use client';
/** The form of a model's description and intended use. */
import { useMutation } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import '../../../form/checked-values.ts';
import * as z from 'zod/mini';
import { SubmitRow } from '../../../form/submit-row.tsx';
import { useFormAction } from '../../../form/use-form-action.ts';
import { type ModelPageFragment, UpdateModelDocument } from '../../../graphql/generated/graphql.ts';
import { Field, Input, Textarea } from '../../../ui/field.tsx';

const schema = z.object({ description: z.string(), intendedUse: z.string() });

export function EditModelForm({ model, onDone }: { model: ModelPageFragment; onDone: () => void }) {
  const form = useForm({
    resolver: zodResolver(schema),
    defaultValues: { description: model.description, intendedUse: model.intendedUse },
  });
  const [update] = useMutation(UpdateModelDocument);
  const { run, busy } = useFormAction(form);
  const { errors } = form.formState;
  const submit = form.handleSubmit(async (texts) => {
    const input = { modelId: model.id, ...texts };
    if (await run(() => update({ variables: { input } }), 'Saved')) onDone();
  });
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" aria-label="Edit model">
      <Field label="Description" error={errors.description?.message}>
        <Input {...form.register('description')} />
      </Field>
      <Field
        label="Intended use"
        error={errors.intendedUse?.message}
        hint="What it is meant for, by whom, and what it must not be used for. Opens the model card of each version."
      >
        <Textarea {...form.register('intendedUse')} rows={8} />
      </Field>
      <SubmitRow disabled={busy}>Save</SubmitRow>
    </form>
  );
}
