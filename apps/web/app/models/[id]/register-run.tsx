'use client';
/** Registers a run that succeeded as the next version of a model. */
import { useMutation, useQuery } from '@apollo/client/react';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../../../api/use-action.ts';
import { RegisterModelVersionDocument, RegistrableRunsDocument } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, Select, Textarea } from '../../../ui/field.tsx';

const RUNS_OFFERED = 100;

type RegisterRunProps = { modelId: string; registered: readonly string[] };

export function RegisterRun(props: RegisterRunProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title="Register run"
      description="The saved result of a run that succeeded becomes the next version."
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button>
          <Plus />
          Register run
        </Button>
      }
    >
      <RegisterForm {...props} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

function RegisterForm({ modelId, registered, onDone }: RegisterRunProps & { onDone: () => void }) {
  const { data } = useQuery(RegistrableRunsDocument, { variables: { first: RUNS_OFFERED } });
  const runs = data?.runs.edges.map(({ node }) => node).filter(({ id }) => !registered.includes(id)) ?? [];
  const [chosenId, setChosenId] = useState('');
  const [notes, setNotes] = useState('');
  const [register] = useMutation(RegisterModelVersionDocument, { refetchQueries: ['Models'] });
  const { run, busy } = useAction();
  const runId = chosenId || runs[0]?.id;
  async function submit() {
    if (!runId) return;
    const input = { modelId, runId, notes: notes.trim() || null };
    if (await run(() => register({ variables: { input } }), 'Registered')) onDone();
  }
  return (
    <div className="flex flex-col gap-4">
      <Field
        label="Run"
        hint={runs.length === 0 ? 'No run has succeeded that is not registered already.' : undefined}
      >
        <Select value={runId ?? ''} onChange={(event) => setChosenId(event.target.value)}>
          {runs.map(({ id, name, architecture, unsafe }) => (
            <option
              key={id}
              value={id}
            >{`${name} (${architecture})${unsafe ? ' · UNSAFE split' : ''}`}</option>
          ))}
        </Select>
      </Field>
      <Field label="Notes">
        <Textarea value={notes} onChange={(event) => setNotes(event.target.value)} />
      </Field>
      <div className="flex justify-end">
        <Button look="primary" disabled={busy || !runId} onClick={submit}>
          Register version
        </Button>
      </div>
    </div>
  );
}
