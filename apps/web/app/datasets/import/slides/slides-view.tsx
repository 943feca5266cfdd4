'use client';
/** The form of an import of slides with what would be cut next to it, and then the import itself. */
import { useMutation } from '@apollo/client/react';
import { type FormEvent, useState } from 'react';
import { ProjectField } from '../../../../access/project-field.tsx';
import { useAction } from '../../../../api/use-action.ts';
import { PageHeader } from '../../../../components/page-header.tsx';
import { TextLink } from '../../../../components/text-link.tsx';
import { ImportDatasetDocument, type ImportStateFragment } from '../../../../graphql/generated/graphql.ts';
import { Button } from '../../../../ui/button.tsx';
import { Card } from '../../../../ui/card.tsx';
import { Field, Input } from '../../../../ui/field.tsx';
import { ImportCard } from '../../import-card.tsx';
import { FolderBrowser } from '../folder-browser.tsx';
import { CuttingCard } from './cutting-card.tsx';
import { LabellingCard } from './labelling-card.tsx';
import { PreviewCard } from './preview-card.tsx';
import { EMPTY_SLIDES_DRAFT, readSlidesDraft, type SlidesDraft } from './slides-draft.ts';

export function SlidesView() {
  const [started, setStarted] = useState<ImportStateFragment | null>(null);
  return (
    <>
      <PageHeader
        title="Import slides"
        parent={{ href: '/datasets', label: 'Datasets' }}
        note="Slides that lie on the machine of the API are cut into patches, which become a dataset. Look at what would be cut first: nothing is written until the import starts."
        actions={<TextLink href="/datasets/import">Import patches instead</TextLink>}
      />
      {started ? (
        <div className="flex max-w-3xl flex-col items-start gap-4">
          <ImportCard initial={started} className="w-full" />
          <Button look="link" size="bare" onClick={() => setStarted(null)}>
            Back to the form
          </Button>
        </div>
      ) : (
        <SlidesForm onStarted={setStarted} />
      )}
    </>
  );
}

function SlidesForm({ onStarted }: { onStarted: (started: ImportStateFragment) => void }) {
  const [draft, setDraft] = useState<SlidesDraft>(EMPTY_SLIDES_DRAFT);
  const [projectId, setProjectId] = useState('');
  const [importDataset] = useMutation(ImportDatasetDocument);
  const { run, busy } = useAction();
  const reading = readSlidesDraft(draft);
  const errors = reading?.errors ?? {};
  const input = reading && Object.keys(errors).length === 0 ? reading.input : null;
  const step = { draft, onChange: setDraft, errors };
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!input) return;
    await run(async () => {
      const { data } = await importDataset({
        variables: { input: { ...input, projectId: projectId || null } },
      });
      if (data) onStarted(data.importDataset);
    });
  }
  return (
    <form onSubmit={submit} aria-label="Import slides" className="flex min-w-0 flex-col gap-5">
      <div className="grid items-start gap-5 xl:grid-cols-2">
        <Card title="Source" note="A folder of slides, below the folders that the API may read.">
          <div className="flex flex-col gap-4">
            <FolderBrowser wanted="slides" onChoose={(path) => setDraft({ ...draft, path })} />
            <Field label="Folder">
              <Input
                value={draft.path}
                onChange={(event) => setDraft({ ...draft, path: event.target.value })}
                placeholder="/data/slides"
                className="font-mono"
              />
            </Field>
            <Field label="Name of the dataset" hint="If empty: the name of the folder.">
              <Input
                value={draft.name}
                onChange={(event) => setDraft({ ...draft, name: event.target.value })}
              />
            </Field>
            <ProjectField value={projectId} onChange={setProjectId} />
          </div>
        </Card>
        <div className="flex min-w-0 flex-col gap-5">
          <CuttingCard {...step} />
          <LabellingCard {...step} />
        </div>
      </div>
      <PreviewCard input={input} isStarting={busy} />
    </form>
  );
}
