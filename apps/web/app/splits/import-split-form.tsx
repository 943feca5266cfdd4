'use client';
/** A new split of a list: the file is dropped, what was found is shown, and only then is it stored. */
import { useMutation } from '@apollo/client/react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { linkToSplits } from '../../address/page-addresses.ts';
import { useUncachedQuery } from '../../api/use-uncached-query.ts';
import { usePlainFormAction } from '../../form/use-plain-form-action.ts';
import {
  ImportSplitDocument,
  type ListLevel,
  PreviewSplitImportDocument,
} from '../../graphql/generated/graphql.ts';
import { EMPTY_LIST, type ListDraft, toListInput } from '../../split/list-draft.ts';
import { ListDrop } from '../../split/list-drop.tsx';
import { ListOptions } from '../../split/list-options.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { UnitWords } from '../../unit/unit-words.ts';
import { ImportPreview } from './import-preview.tsx';

type ImportSplitFormProps = { datasetId: string; unit: UnitWords };

export function ImportSplitForm({ datasetId, unit }: ImportSplitFormProps) {
  const router = useRouter();
  const [list, setList] = useState<ListDraft>(EMPTY_LIST);
  const [names, setNames] = useState<ListLevel | ''>('');
  const [name, setName] = useState('');
  const preview = useUncachedQuery(PreviewSplitImportDocument);
  const [importSplit] = useMutation(ImportSplitDocument);
  const { run, busy, errors } = usePlainFormAction(['name']);
  const found = preview.data?.previewSplitImport;
  const ask = (asked: ListDraft, level: ListLevel | '') => {
    setList(asked);
    setNames(level);
    const input = { datasetId, list: toListInput(asked), names: level || null };
    void preview.ask(asked.files.length > 0 ? { input } : null);
  };
  const store = () =>
    run(async () => {
      const input = { datasetId, list: toListInput(list), names: names || null, name: name.trim() || null };
      const { data } = await importSplit({ variables: { input }, fetchPolicy: 'no-cache' });
      const [first, ...rest] = data?.importSplit.splits ?? [];
      router.push(first && rest.length === 0 ? `/splits/${first.id}` : linkToSplits({ dataset: datasetId }));
    }, 'Split imported');
  return (
    <div className="flex flex-col gap-4">
      <ListDrop files={list.files} onFiles={(files) => ask({ ...EMPTY_LIST, files }, names)} />
      {list.files.length > 0 && (
        <>
          <Field label="The ids of the list are">
            <Select value={names} onChange={({ target }) => ask(list, target.value as ListLevel | '')}>
              <option value="">as found</option>
              {unit.kind !== 'NONE' && <option value="UNIT">{unit.many}</option>}
              <option value="SLIDE">slides</option>
              <option value="FILE">files</option>
            </Select>
          </Field>
          <ListOptions list={list} onChange={(changed) => ask(changed, names)} />
        </>
      )}
      {preview.busy && <Skeleton className="h-32" />}
      {preview.refusal && (
        <Notice tone="caution" title="This list does not become a split">
          {preview.refusal}
        </Notice>
      )}
      {found && <ImportPreview preview={found} unit={unit} />}
      <Field label="Name" hint="If empty: that of the list." error={errors.name}>
        <Input value={name} onChange={({ target }) => setName(target.value)} />
      </Field>
      <div className="flex justify-end">
        <Button type="button" look="primary" disabled={busy || !found} onClick={() => void store()}>
          {found && !found.isClean ? 'Keep as an unsafe split' : 'Import split'}
        </Button>
      </div>
    </div>
  );
}
