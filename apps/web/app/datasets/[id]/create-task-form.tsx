'use client';
/** The form of a new task: a side for each class. */
import { useMutation } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import '../../../form/checked-values.ts';
import * as z from 'zod/mini';
import { SubmitRow } from '../../../form/submit-row.tsx';
import { useFormAction } from '../../../form/use-form-action.ts';
import { CreateTaskDocument } from '../../../graphql/generated/graphql.ts';
import { Field, Input, Select } from '../../../ui/field.tsx';

const SIDES = { POSITIVE: 'positive', NEGATIVE: 'negative', LEFT_OUT: 'left out' } as const;
type Side = keyof typeof SIDES;

const schema = z.object({
  sides: z.array(z.enum(['POSITIVE', 'NEGATIVE', 'LEFT_OUT'])).check(
    z.refine((sides) => sides.includes('POSITIVE'), 'Choose a class that is positive.'),
    z.refine((sides) => sides.includes('NEGATIVE'), 'Choose a class that is negative.'),
  ),
  name: z.string().check(z.trim()),
  positiveName: z.string().check(z.trim()),
});

type CreateTaskFormProps = { datasetId: string; classNames: readonly string[]; onCreated: () => void };

function useTaskForm(classNames: readonly string[]) {
  return useForm({
    resolver: zodResolver(schema),
    defaultValues: { sides: classNames.map((): Side => 'NEGATIVE'), name: '', positiveName: '' },
  });
}

export function CreateTaskForm({ datasetId, classNames, onCreated }: CreateTaskFormProps) {
  const form = useTaskForm(classNames);
  const [createTask] = useMutation(CreateTaskDocument);
  const { run, busy } = useFormAction(form);
  const { errors } = form.formState;
  const submit = form.handleSubmit(async ({ sides, name, positiveName }) => {
    const pick = (side: Side) => classNames.filter((_, position) => sides[position] === side);
    const input = {
      datasetId,
      positive: pick('POSITIVE'),
      negative: pick('NEGATIVE'),
      name: name || null,
      positiveName: positiveName || null,
    };
    if (await run(() => createTask({ variables: { input } }), 'Task created')) onCreated();
  });
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" aria-label="Create task">
      <SideFields form={form} classNames={classNames} />
      <p className="text-xs text-muted-foreground">
        Patches of classes that are left out are in no training, evaluation or statistic.
      </p>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Name" hint="If empty: made of the classes." error={errors.name?.message}>
          <Input {...form.register('name')} />
        </Field>
        <Field
          label="Positive side is called"
          hint="If empty: its classes’ names."
          error={errors.positiveName?.message}
        >
          <Input {...form.register('positiveName')} />
        </Field>
      </div>
      <SubmitRow disabled={busy}>Create task</SubmitRow>
    </form>
  );
}

type SideFieldsProps = { form: ReturnType<typeof useTaskForm>; classNames: readonly string[] };

function SideFields({ form, classNames }: SideFieldsProps) {
  const { sides } = form.formState.errors;
  const error = sides?.root?.message ?? sides?.message;
  return (
    <>
      <div className="flex max-h-72 flex-col gap-1.5 overflow-y-auto">
        {classNames.map((name, position) => (
          <div key={name} className="flex items-center justify-between gap-4 text-sm">
            <span className="min-w-0 truncate">{name}</span>
            <Select className="w-36" aria-label={`Side of ${name}`} {...form.register(`sides.${position}`)}>
              {Object.entries(SIDES).map(([side, word]) => (
                <option key={side} value={side}>
                  {word}
                </option>
              ))}
            </Select>
          </div>
        ))}
      </div>
      {error && (
        <p role="alert" className="text-sm text-danger">
          {error}
        </p>
      )}
    </>
  );
}
