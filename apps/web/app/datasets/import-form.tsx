'use client';
/** What to import, under which name, and whether only a part of it. */
import { useMutation } from '@apollo/client/react';
import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { useAction } from '../../api/use-action.ts';
import { ImportDatasetDocument } from '../../graphql/generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { FolderBrowser } from './folder-browser.tsx';

const schema = z.object({
  path: z.string().trim().min(1, 'Choose a folder or a .zip.'),
  name: z.string().trim(),
  maxPatches: z.union([z.literal(''), z.coerce.number().int('A whole number.').min(1, 'At least 1.')]),
});

type Values = z.input<typeof schema>;

export function ImportForm({ onStarted }: { onStarted: () => void }) {
  const form = useForm<Values, unknown, z.output<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { path: '', name: '', maxPatches: '' },
  });
  const [importDataset] = useMutation(ImportDatasetDocument);
  const { run, busy } = useAction();
  const { errors } = form.formState;
  const submit = form.handleSubmit(async ({ path, name, maxPatches }) => {
    const input = { path, name: name || null, maxPatches: maxPatches === '' ? null : maxPatches };
    if (await run(() => importDataset({ variables: { input } }))) onStarted();
  });
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" aria-label="Import dataset">
      <FolderBrowser onChoose={(path) => form.setValue('path', path, { shouldValidate: true })} />
      <Field label="Folder or .zip" error={errors.path?.message}>
        <Input {...form.register('path')} placeholder="/data/IDC_regular_ps50_idx5" className="font-mono" />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Name" hint="If empty: the folder's name.">
          <Input {...form.register('name')} />
        </Field>
        <Field label="Largest number of patches" hint="If empty: all." error={errors.maxPatches?.message}>
          <Input {...form.register('maxPatches')} inputMode="numeric" />
        </Field>
      </div>
      <div className="flex justify-end">
        <Button type="submit" look="primary" disabled={busy}>
          Start import
        </Button>
      </div>
    </form>
  );
}
