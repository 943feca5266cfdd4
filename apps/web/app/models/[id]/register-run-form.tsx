'use client';
/** The form by which a run becomes a version; a program's run once its model was checked, which is asked for here. */
import { useMutation, useQuery } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { useForm, useWatch } from 'react-hook-form';
import '../../../form/checked-values.ts';
import * as z from 'zod/mini';
import { SubmitRow } from '../../../form/submit-row.tsx';
import { useFormAction } from '../../../form/use-form-action.ts';
import {
  ExternalModelOfRunDocument,
  RegisterModelVersionDocument,
  RegistrableRunsDocument,
} from '../../../graphql/generated/graphql.ts';
import { ExternalModelCard } from '../../../model-check/external-model-card.tsx';
import { Field, Select, Textarea } from '../../../ui/field.tsx';

const RUNS_OFFERED = 100;

const schema = z.object({
  runId: z.string().check(z.minLength(1, 'Choose a run.')),
  notes: z.string().check(z.trim()),
});

type RegisterRunFormProps = { modelId: string; registered: readonly string[]; onDone: () => void };

export function RegisterRunForm({ modelId, registered, onDone }: RegisterRunFormProps) {
  const { data } = useQuery(RegistrableRunsDocument, { variables: { first: RUNS_OFFERED } });
  const runs = data?.runs.edges.map(({ node }) => node).filter(({ id }) => !registered.includes(id)) ?? [];
  const form = useForm({
    resolver: zodResolver(schema),
    defaultValues: { runId: '', notes: '' },
    // The newest run is chosen once the list has loaded.
    values: data && { runId: runs[0]?.id ?? '', notes: '' },
    resetOptions: { keepDirtyValues: true },
  });
  const chosenId = useWatch({ control: form.control, name: 'runId' });
  const isExternal = runs.find(({ id }) => id === chosenId)?.origin === 'EXTERNAL';
  const external = useQuery(ExternalModelOfRunDocument, { variables: { id: chosenId }, skip: !isExternal });
  const isUnchecked = isExternal && external.data?.run?.externalModel?.refusal !== null;
  const [register] = useMutation(RegisterModelVersionDocument);
  const { run, busy } = useFormAction(form);
  const submit = form.handleSubmit(async ({ runId, notes }) => {
    const input = { modelId, runId, notes: notes || null };
    if (await run(() => register({ variables: { input } }), 'Registered')) onDone();
  });
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" aria-label="Register run">
      <Field
        label="Run"
        hint={runs.length === 0 ? 'There is no successful run that is not registered already.' : undefined}
      >
        <Select {...form.register('runId')}>
          {runs.map(({ id, name, architecture, origin, unsafe }) => (
            <option key={id} value={id}>
              {`${name} (${architecture})`}
              {origin === 'EXTERNAL' && ' · by a program of its own'}
              {unsafe && ' · UNSAFE split'}
            </option>
          ))}
        </Select>
      </Field>
      {isExternal && <ExternalModelCard runId={chosenId} />}
      <Field label="Notes" error={form.formState.errors.notes?.message}>
        <Textarea {...form.register('notes')} />
      </Field>
      <SubmitRow disabled={busy || runs.length === 0 || isUnchecked}>Register version</SubmitRow>
    </form>
  );
}
