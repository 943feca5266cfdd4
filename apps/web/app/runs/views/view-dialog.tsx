'use client';
/** The name of a saved view: of a new one, or another one for a view that is there. */
import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { ProjectField } from '../../../access/project-field.tsx';
import { describeError } from '../../../api/error-sentence.ts';
import { SubmitRow } from '../../../form/submit-row.tsx';
import {
  ChangeSavedViewDocument,
  CreateSavedViewDocument,
  type SavedViewFactsFragment,
} from '../../../graphql/generated/graphql.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, Input, LabeledCheckbox } from '../../../ui/field.tsx';

type ViewDialogProps = {
  onOpenChange: (isOpen: boolean) => void;
} & (
  | { address: string; onSaved: (view: SavedViewFactsFragment) => void; view?: undefined }
  | { view: SavedViewFactsFragment }
);

export function ViewDialog(props: ViewDialogProps) {
  const { view, onOpenChange } = props;
  const [name, setName] = useState(view?.name ?? '');
  const [projectId, setProjectId] = useState('');
  const [isDefault, setDefault] = useState(false);
  const { save, error, busy } = useSave(props);
  async function submit() {
    if (await save({ name, projectId: projectId || null, isDefault })) onOpenChange(false);
  }
  return (
    <Dialog
      open
      onOpenChange={onOpenChange}
      title={view ? `Rename the view ${view.name}` : 'Save as a new view'}
      description={view ? undefined : 'Filters, order, groups, baseline and columns, for all of the project.'}
    >
      <form
        noValidate
        aria-label="Saved view"
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Field label="Name" error={error ?? undefined}>
          <Input
            value={name}
            onChange={({ target }) => setName(target.value)}
            placeholder="Finalists by AUC"
          />
        </Field>
        {!view && <ProjectField value={projectId} onChange={setProjectId} />}
        {!view && (
          <LabeledCheckbox
            label="The default: shown first to all of the project"
            checked={isDefault}
            onChange={({ target }) => setDefault(target.checked)}
          />
        )}
        <SubmitRow disabled={busy}>{view ? 'Rename' : 'Save the view'}</SubmitRow>
      </form>
    </Dialog>
  );
}

type Typed = { name: string; projectId: string | null; isDefault: boolean };

/** What the API has against it is said at the name. */
function useSave(props: ViewDialogProps) {
  const [create] = useMutation(CreateSavedViewDocument, { awaitRefetchQueries: true });
  const [change] = useMutation(ChangeSavedViewDocument);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  async function send(typed: Typed): Promise<void> {
    if (props.view) {
      await change({ variables: { input: { id: props.view.id, name: typed.name } } });
      return;
    }
    const { data } = await create({ variables: { input: { ...typed, address: props.address } } });
    if (data) props.onSaved(data.createSavedView);
  }
  async function save(typed: Typed): Promise<boolean> {
    if (typed.name.trim() === '') {
      setError('Give it a name.');
      return false;
    }
    setBusy(true);
    try {
      await send(typed);
      return true;
    } catch (refusal) {
      setError(describeError(refusal));
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { save, error, busy };
}
