'use client';
/** The form by which a run becomes the next version of a model, or of a new one. */
import { useMutation, useQuery } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/navigation';
import { useForm, useWatch } from 'react-hook-form';
import * as z from 'zod/mini';
import { linkToModel } from '../../../address/page-addresses.ts';
import '../../../form/checked-values.ts';
import { useFormAction } from '../../../form/use-form-action.ts';
import { tellProjects } from '../../../format/tell-apart.ts';
import {
  CreateModelDocument,
  ModelsDocument,
  RegisterModelVersionDocument,
} from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Field, Input, Select } from '../../../ui/field.tsx';

const MODELS_OFFERED = 200;
const NEW_MODEL = 'new';

const schema = z.object({ modelId: z.string(), name: z.string().check(z.trim()) }).check(
  z.refine(({ modelId, name }) => modelId !== NEW_MODEL || name !== '', {
    path: ['name'],
    message: 'Give it a name.',
  }),
);

export function RegisterVersionForm({ runId }: { runId: string }) {
  const router = useRouter();
  const { data } = useQuery(ModelsDocument, { variables: { first: MODELS_OFFERED } });
  const models = tellProjects(data?.models.edges.map(({ node }) => node) ?? []);
  const form = useForm({
    resolver: zodResolver(schema),
    defaultValues: { modelId: NEW_MODEL, name: '' },
    // The first model is chosen once the list has loaded.
    values: data && { modelId: models[0]?.id ?? NEW_MODEL, name: '' },
    resetOptions: { keepDirtyValues: true },
  });
  const modelId = useWatch({ control: form.control, name: 'modelId' });
  const [createModel] = useMutation(CreateModelDocument);
  const [register] = useMutation(RegisterModelVersionDocument);
  const { run, busy } = useFormAction(form);
  const submit = (thenPromote: boolean) =>
    form.handleSubmit((chosen) =>
      run(async () => {
        const id = chosen.modelId === NEW_MODEL ? await createNamed(chosen.name) : chosen.modelId;
        const { data: registered } = await register({ variables: { input: { modelId: id, runId } } });
        router.push(linkToModel(id, thenPromote ? (registered?.registerModelVersion.number ?? null) : null));
      }, 'Registered'),
    );
  async function createNamed(name: string): Promise<string> {
    const created = await createModel({ variables: { input: { name } } });
    if (!created.data) throw new Error('The API gave no model back.');
    return created.data.createModel.id;
  }
  return (
    <form onSubmit={submit(true)} className="flex flex-col gap-4" aria-label="Register version">
      <Field label="Model">
        <Select {...form.register('modelId')}>
          {models.map((model) => (
            <option key={model.id} value={model.id}>
              {model.name}
            </option>
          ))}
          <option value={NEW_MODEL}>A new model</option>
        </Select>
      </Field>
      {modelId === NEW_MODEL && (
        <Field label="Name of the new model" error={form.formState.errors.name?.message}>
          <Input {...form.register('name')} placeholder="idc-detector" />
        </Field>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button disabled={busy || !form.formState.isValid} onClick={submit(false)}>
          Register version
        </Button>
        <Button type="submit" look="primary" disabled={busy || !form.formState.isValid}>
          Register and see the gate
        </Button>
      </div>
    </form>
  );
}
