'use client';
/** The form of a new report: its name is enough, the text is written on its page. */
import { useMutation } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import * as z from 'zod/mini';
import { OwnNameField } from '../../access/own-name-field.tsx';
import { ProjectField } from '../../access/project-field.tsx';
import { linkToReport } from '../../address/page-addresses.ts';
import '../../form/checked-values.ts';
import { SubmitRow } from '../../form/submit-row.tsx';
import { useFormAction } from '../../form/use-form-action.ts';
import { CreateReportDocument } from '../../graphql/generated/graphql.ts';
import { Field, Input } from '../../ui/field.tsx';

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, 'Give it a name.')),
  who: z.string().check(z.trim()),
});

export function CreateReportForm() {
  const router = useRouter();
  const form = useForm<z.infer<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { name: '', who: '' },
  });
  const [projectId, setProjectId] = useState('');
  const [createReport] = useMutation(CreateReportDocument);
  const { run, busy } = useFormAction(form);
  const { errors } = form.formState;
  const submit = form.handleSubmit(({ name, who }) =>
    run(async () => {
      const input = { name, author: who || null, projectId: projectId || null };
      const { data } = await createReport({ variables: { input } });
      if (data) router.push(linkToReport(data.createReport.id, { edit: true }));
    }),
  );
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" aria-label="Create report">
      <Field label="Name" error={errors.name?.message}>
        <Input {...form.register('name')} placeholder="Deep against shallow" />
      </Field>
      <ProjectField value={projectId} onChange={setProjectId} />
      <OwnNameField
        hint="Shown with the report."
        error={errors.who?.message}
        registered={form.register('who')}
        fill={(name) => form.setValue('who', name)}
      />
      <SubmitRow disabled={busy}>Create report</SubmitRow>
    </form>
  );
}
