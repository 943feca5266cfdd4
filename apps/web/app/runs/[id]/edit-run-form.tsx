'use client';
/** The form of a run's name, notes and tags. */
import { useMutation } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import '../../../form/checked-values.ts';
import * as z from 'zod/mini';
import { SubmitRow } from '../../../form/submit-row.tsx';
import { useFormAction } from '../../../form/use-form-action.ts';
import { type RunPageFragment, UpdateRunDocument } from '../../../graphql/generated/graphql.ts';
import { parseTags } from '../../../run/parse-tags.ts';
import { Field, Input, Textarea } from '../../../ui/field.tsx';

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, 'Give it a name.')),
  notes: z.string().check(z.trim()),
  tags: z.string(),
});

export function EditRunForm({ run, onDone }: { run: RunPageFragment; onDone: () => void }) {
  const form = useForm<z.infer<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { name: run.name, notes: run.notes, tags: run.tags.join(', ') },
  });
  const [updateRun] = useMutation(UpdateRunDocument);
  const action = useFormAction(form);
  const submit = form.handleSubmit(async ({ name, notes, tags }) => {
    const input = { name, notes, tags: parseTags(tags) };
    if (await action.run(() => updateRun({ variables: { id: run.id, input } }), 'Saved')) onDone();
  });
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" aria-label="Edit run">
      <Field label="Name" error={form.formState.errors.name?.message}>
        <Input {...form.register('name')} />
      </Field>
      <Field label="Tags" hint="Separated by commas." error={form.formState.errors.tags?.message}>
        <Input {...form.register('tags')} />
      </Field>
      <Field label="Notes" hint="In Markdown." error={form.formState.errors.notes?.message}>
        <Textarea {...form.register('notes')} rows={5} />
      </Field>
      <SubmitRow disabled={action.busy}>Save</SubmitRow>
    </form>
  );
}
