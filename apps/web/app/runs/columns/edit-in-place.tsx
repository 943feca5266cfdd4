'use client';
/** The name and the tags of a run, changed in its row: Enter saves, Escape leaves them as they were. */
import { useMutation } from '@apollo/client/react';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { usePlainFormAction } from '../../../form/use-plain-form-action.ts';
import { UpdateRunDocument } from '../../../graphql/generated/graphql.ts';
import { parseTags } from '../../../run/parse-tags.ts';
import { Input } from '../../../ui/field.tsx';

type EditInPlaceProps = { run: { id: string; name: string; tags: readonly string[] }; onDone: () => void };

export function EditInPlace({ run, onDone }: EditInPlaceProps) {
  const [name, setName] = useState(run.name);
  const [tags, setTags] = useState(run.tags.join(', '));
  const [updateRun] = useMutation(UpdateRunDocument);
  const action = usePlainFormAction(['name', 'tags']);
  const refusal = action.errors.name ?? action.errors.tags;
  async function save(event: FormEvent) {
    event.preventDefault();
    const input = { name: name.trim(), tags: parseTags(tags) };
    if (await action.run(() => updateRun({ variables: { id: run.id, input } }), 'Saved')) onDone();
  }
  function press(event: KeyboardEvent) {
    if (event.key === 'Escape') onDone();
  }
  return (
    <form onSubmit={save} aria-label={`Edit ${run.name}`} className="flex flex-col gap-0.5">
      <Input
        ref={(field) => {
          // Once, when it appears.
          if (field && !field.dataset.met) {
            field.dataset.met = 'yes';
            field.focus();
            field.select();
          }
        }}
        aria-label="Name"
        aria-invalid={action.errors.name ? true : undefined}
        className="h-6 px-1.5 text-xs"
        value={name}
        disabled={action.busy}
        onChange={({ target }) => setName(target.value)}
        onKeyDown={press}
      />
      <Input
        aria-label="Tags, separated by commas"
        aria-invalid={action.errors.tags ? true : undefined}
        placeholder="tags"
        className="h-5.5 px-1.5 text-xs"
        value={tags}
        disabled={action.busy}
        onChange={({ target }) => setTags(target.value)}
        onKeyDown={press}
      />
      {refusal && (
        <p role="alert" className="text-xs text-danger">
          {refusal}
        </p>
      )}
      <button type="submit" className="sr-only">
        Save
      </button>
    </form>
  );
}
