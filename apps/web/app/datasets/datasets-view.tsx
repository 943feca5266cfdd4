'use client';
/** The table of datasets, with running imports above it. */
import { useQuery } from '@apollo/client/react';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryFrame } from '../../components/query-frame.tsx';
import { DeletionList } from '../../deletion/deletion-list.tsx';
import { DatasetsDocument } from '../../graphql/generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DatasetTable } from './dataset-table.tsx';
import { ImportForm } from './import-form.tsx';
import { ImportList } from './import-list.tsx';

const PAGE_SIZE = 100;

export function DatasetsView() {
  const query = useQuery(DatasetsDocument, { variables: { first: PAGE_SIZE } });
  return (
    <>
      <PageHeader
        title="Datasets"
        note="Patches that were imported together and checked one by one."
        actions={<ImportDialog onStarted={() => void query.refetch()} />}
      />
      <QueryFrame {...query}>
        {(data) => (
          <div className="flex flex-col gap-5">
            <DeletionList kind="DATASET" onFinished={() => void query.refetch()} />
            <ImportList imports={data.datasetImports} onSettled={() => void query.refetch()} />
            {data.datasets.edges.length > 0 ? (
              <DatasetTable datasets={data.datasets.edges.map(({ node }) => node)} />
            ) : (
              <EmptyState title="No dataset yet">
                Import a folder or a .zip of patches in the IDC layout:
                PATIENT/CLASS/PATIENT_idx5_xX_yY_classC.png.
              </EmptyState>
            )}
          </div>
        )}
      </QueryFrame>
    </>
  );
}

/** Chooses a folder or .zip on the server and starts its import. */
function ImportDialog({ onStarted }: { onStarted: () => void }) {
  const [open, setOpen] = useState(false);
  function close() {
    setOpen(false);
    onStarted();
  }
  return (
    <Dialog
      title="Import dataset"
      description="A folder or .zip of patches on the machine that runs the API. All or nothing: a canceled import leaves nothing behind."
      trigger={
        <Button look="primary">
          <Plus />
          Import dataset
        </Button>
      }
      open={open}
      onOpenChange={setOpen}
      className="max-w-2xl"
    >
      <ImportForm onStarted={close} />
    </Dialog>
  );
}
