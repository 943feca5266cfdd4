'use client';
/** The form of a new model. */
import { useMutation } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { ProjectField } from '../../access/project-field.tsx';
import '../../form/checked-values.ts';
import * as z from 'zod/mini';
import { SubmitRow } from '../../form/submit-row.tsx';
import { useFormAction } from '../../form/use-form-action.ts';
import { CreateModelDocument } from '../../graphql/generated/graphql.ts';
import { Field, Input, Textarea } from '../../ui/field.tsx';

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, 'Give it a name.')),
  description: z.string().check(z.trim()),
});

export function CreateModelForm() {
  const router = useRouter();
  const form = useForm<z.infer<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { name: '', description: '' },
  });
  const [projectId, setProjectId] = useState('');
  const [createModel] = useMutation(CreateModelDocument);
  const { run, busy } = useFormAction(form);
  const { errors } = form.formState;
  const submit = form.handleSubmit((typed) =>
    run(async () => {
      const { data } = await createModel({
        variables: { input: { ...typed, projectId: projectId || null } },
      });
      if (data) router.push(`/models/${data.createModel.id}`);
    }, `${typed.name} was created`),
  );
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" aria-label="Create model">
      <Field label="Name" error={errors.name?.message} hint="Used in commands, e.g. idc-detector@champion.">
        <Input {...form.register('name')} placeholder="idc-detector" />
      </Field>
      <Field label="Description" error={errors.description?.message}>
        <Textarea {...form.register('description')} />
      </Field>
      <ProjectField value={projectId} onChange={setProjectId} />
      <SubmitRow disabled={busy}>Create model</SubmitRow>
    </form>
  );
}
