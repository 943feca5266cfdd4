'use client';
/** The form of an import with what it would bring in next to it, and then the import itself. */
import { useMutation } from '@apollo/client/react';
import { type FormEvent, useState } from 'react';
import { useAction } from '../../../api/use-action.ts';
import { PageHeader } from '../../../components/page-header.tsx';
import { TextLink } from '../../../components/text-link.tsx';
import { ImportDatasetDocument, type ImportStateFragment } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { ImportCard } from '../import-card.tsx';
import { ClassesCard } from './classes-card.tsx';
import { DatasetCard } from './dataset-card.tsx';
import { ImagesCard } from './images-card.tsx';
import { EMPTY_DRAFT, type ImportDraft, readDraft } from './import-draft.ts';
import { MappingCard } from './mapping-card.tsx';
import { OutcomeCard } from './outcome-card.tsx';
import { PatientsCard } from './patients-card.tsx';
import { SourceCard } from './source-card.tsx';
import { TellerCard } from './teller-card.tsx';
import { useImportPreview } from './use-import-preview.ts';

export function ImportView() {
  const [started, setStarted] = useState<ImportStateFragment | null>(null);
  return (
    <>
      <PageHeader
        title="Import dataset"
        parent={{ href: '/datasets', label: 'Datasets' }}
        note="Patches that lie on the machine of the API become a dataset, all of them or none. Nothing is written until the import starts."
        actions={<TextLink href="/datasets/import/slides">Import slides instead</TextLink>}
      />
      {started ? (
        <div className="flex max-w-3xl flex-col items-start gap-4">
          <ImportCard initial={started} className="w-full" />
          <div className="flex gap-4 text-sm">
            <TextLink href="/datasets">All datasets</TextLink>
            <Button look="link" size="bare" onClick={() => setStarted(null)}>
              Back to the form
            </Button>
          </div>
        </div>
      ) : (
        <ImportForm onStarted={setStarted} />
      )}
    </>
  );
}

function ImportForm({ onStarted }: { onStarted: (started: ImportStateFragment) => void }) {
  const [draft, setDraft] = useState<ImportDraft>(EMPTY_DRAFT);
  const [projectId, setProjectId] = useState('');
  const state = useImportPreview(draft);
  const [importDataset] = useMutation(ImportDatasetDocument);
  const { run, busy } = useAction();
  const step = { draft, onChange: setDraft, ...state };
  async function submit(event: FormEvent) {
    event.preventDefault();
    const reading = readDraft(draft);
    if (!reading) return;
    const input = { ...reading.input, projectId: projectId || null };
    await run(async () => {
      const { data } = await importDataset({ variables: { input } });
      if (data) onStarted(data.importDataset);
    });
  }
  return (
    <form
      onSubmit={submit}
      aria-label="Import dataset"
      className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_23rem]"
    >
      <div className="flex min-w-0 flex-col gap-5">
        <SourceCard {...step} />
        {draft.path && <TellerCard {...step} />}
        {state.preview?.manifest && <MappingCard {...step} manifest={state.preview.manifest} />}
        {state.preview && (
          <>
            <PatientsCard {...step} />
            <ClassesCard {...step} />
            <ImagesCard {...step} />
            <DatasetCard {...step} projectId={projectId} onProject={setProjectId} />
          </>
        )}
      </div>
      <OutcomeCard {...state} isEmpty={draft.path === ''} isStarting={busy} />
    </form>
  );
}
