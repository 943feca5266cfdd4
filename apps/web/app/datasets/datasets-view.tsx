'use client';
/** The table of data sets with imports that are under way above it. */
import { useQuery } from '@apollo/client/react';
import { Plus } from 'lucide-react';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryFrame } from '../../components/query-frame.tsx';
import { DatasetsDocument } from '../../graphql/generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { DatasetTable } from './dataset-table.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { ImportList } from './import-list.tsx';

const PAGE_SIZE = 100;

export function DatasetsView() {
  const query = useQuery(DatasetsDocument, { variables: { first: PAGE_SIZE } });
  const importButton = (
    <ImportDialog
      trigger={
        <Button look="primary">
          <Plus />
          Import dataset
        </Button>
      }
      onStarted={() => void query.refetch()}
    />
  );
  return (
    <>
      <PageHeader
        title="Datasets"
        note="Patches of many patients, imported together and checked one by one."
        actions={importButton}
      />
      <QueryFrame {...query}>
        {(data) => (
          <div className="flex flex-col gap-5">
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
