'use client';
/** The form of a new experiment. */
import { useMutation } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { useForm, useWatch } from 'react-hook-form';
import '../../form/checked-values.ts';
import * as z from 'zod/mini';
import { SubmitRow } from '../../form/submit-row.tsx';
import { useFormAction } from '../../form/use-form-action.ts';
import { CreateExperimentDocument } from '../../graphql/generated/graphql.ts';
import { Field, Input, Select, Textarea } from '../../ui/field.tsx';

const schema = z.object({
  datasetId: z.string().check(z.minLength(1, 'Choose a dataset.')),
  taskId: z.string(),
  name: z.string().check(z.trim(), z.minLength(1, 'Give it a name.')),
  question: z.string().check(z.trim()),
});

type CreateExperimentFormProps = {
  datasets: readonly { id: string; name: string; tasks: readonly { id: string; name: string }[] }[];
  onCreated: () => void;
};

export function CreateExperimentForm({ datasets, onCreated }: CreateExperimentFormProps) {
  const form = useForm<z.infer<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { datasetId: datasets[0]?.id ?? '', taskId: '', name: '', question: '' },
  });
  const [createExperiment] = useMutation(CreateExperimentDocument);
  const { run, busy } = useFormAction(form);
  const { errors } = form.formState;
  const datasetId = useWatch({ control: form.control, name: 'datasetId' });
  const tasks = datasets.find(({ id }) => id === datasetId)?.tasks ?? [];
  const submit = form.handleSubmit(async ({ taskId, ...typed }) => {
    // A task of the dataset that was chosen before is none of this one.
    const input = { ...typed, taskId: tasks.some(({ id }) => id === taskId) ? taskId : null };
    if (await run(() => createExperiment({ variables: { input } }), `${input.name} was created`)) onCreated();
  });
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" aria-label="Create experiment">
      <Field label="Dataset" error={errors.datasetId?.message}>
        <Select {...form.register('datasetId')}>
          {datasets.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      {tasks.length > 1 && (
        <Field label="Task" hint="What its runs learn to tell apart. It never changes.">
          <Select {...form.register('taskId')}>
            {tasks.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <Field label="Name" error={errors.name?.message}>
        <Input {...form.register('name')} placeholder="Shallow vs deep" />
      </Field>
      <Field label="Question" hint="What do you want to find out?" error={errors.question?.message}>
        <Textarea {...form.register('question')} />
      </Field>
      <SubmitRow disabled={busy}>Create experiment</SubmitRow>
    </form>
  );
}
