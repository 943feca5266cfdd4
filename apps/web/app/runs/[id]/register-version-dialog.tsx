'use client';
/** Registers this run as the next version of a model, or of a new one. */
import { useMutation, useQuery } from '@apollo/client/react';
import { Boxes } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useAction } from '../../../api/use-action.ts';
import {
  CreateModelDocument,
  ModelsDocument,
  RegisterModelVersionDocument,
} from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, Input, Select } from '../../../ui/field.tsx';

const MODELS_OFFERED = 200;
const NEW_MODEL = 'new';

export function RegisterVersionDialog({ runId }: { runId: string }) {
  return (
    <Dialog
      title="Register as model version"
      description="A version keeps this run's saved result under a model's name; promoting it is a second step."
      trigger={
        <Button look="primary">
          <Boxes />
          Register model
        </Button>
      }
    >
      <RegisterVersionForm runId={runId} />
    </Dialog>
  );
}

function RegisterVersionForm({ runId }: { runId: string }) {
  const router = useRouter();
  const { data } = useQuery(ModelsDocument, { variables: { first: MODELS_OFFERED } });
  const models = data?.models.edges.map(({ node }) => node) ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [createModel] = useMutation(CreateModelDocument);
  const [register] = useMutation(RegisterModelVersionDocument);
  const { run, busy } = useAction();
  const target = chosen ?? models[0]?.id ?? NEW_MODEL;
  function submit() {
    return run(async () => {
      const modelId = target === NEW_MODEL ? await createNamed() : target;
      await register({ variables: { input: { modelId, runId } } });
      router.push(`/models/${modelId}`);
    }, 'Registered');
  }
  async function createNamed(): Promise<string> {
    const created = await createModel({ variables: { input: { name: name.trim() } } });
    if (!created.data) throw new Error('The API gave no model back.');
    return created.data.createModel.id;
  }
  return (
    <div className="flex flex-col gap-4">
      <Field label="Model">
        <Select value={target} onChange={(event) => setChosen(event.target.value)}>
          {models.map((model) => (
            <option key={model.id} value={model.id}>
              {model.name}
            </option>
          ))}
          <option value={NEW_MODEL}>A new model</option>
        </Select>
      </Field>
      {target === NEW_MODEL && (
        <Field label="Name of the new model">
          <Input value={name} onChange={(event) => setName(event.target.value)} placeholder="idc-detector" />
        </Field>
      )}
      <div className="flex justify-end">
        <Button
          look="primary"
          disabled={busy || (target === NEW_MODEL && name.trim() === '')}
          onClick={submit}
        >
          Register version
        </Button>
      </div>
    </div>
  );
}
