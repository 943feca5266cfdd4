'use client';
/** Edits what is said of a model: its description, and the intended use that opens the card of each version. */
import { useMutation } from '@apollo/client/react';
import { Pencil } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useAction } from '../../../api/use-action.ts';
import { type ModelPageFragment, UpdateModelDocument } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, Input, Textarea } from '../../../ui/field.tsx';

export function EditModelDialog({ model }: { model: ModelPageFragment }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title={`Edit ${model.name}`}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button>
          <Pencil />
          Edit
        </Button>
      }
    >
      <EditModelForm model={model} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

function EditModelForm({ model, onDone }: { model: ModelPageFragment; onDone: () => void }) {
  const [description, setDescription] = useState(model.description);
  const [intendedUse, setIntendedUse] = useState(model.intendedUse);
  const [update] = useMutation(UpdateModelDocument, { refetchQueries: ['Models'] });
  const { run, busy } = useAction();
  async function submit(event: FormEvent) {
    event.preventDefault();
    const input = { modelId: model.id, description, intendedUse };
    if (await run(() => update({ variables: { input } }), 'Saved')) onDone();
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" aria-label="Edit model">
      <Field label="Description">
        <Input value={description} onChange={(event) => setDescription(event.target.value)} />
      </Field>
      <Field
        label="Intended use"
        hint="What it is meant for, by whom, and what it must not be used for. Opens the model card of each version."
      >
        <Textarea value={intendedUse} onChange={(event) => setIntendedUse(event.target.value)} rows={8} />
      </Field>
      <div className="flex justify-end">
        <Button type="submit" look="primary" disabled={busy}>
          Save
        </Button>
      </div>
    </form>
  );
}
