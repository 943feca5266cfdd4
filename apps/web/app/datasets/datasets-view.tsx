'use client';
/** The table of datasets, with running imports above it. */
import { useQuery } from '@apollo/client/react';
import { Plus } from 'lucide-react';
import Link from 'next/link';
import { useReload } from '../../api/use-reload.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryFrame } from '../../components/query-frame.tsx';
import { DeletionList } from '../../deletion/deletion-list.tsx';
import { DatasetsDocument } from '../../graphql/generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { DatasetTable } from './dataset-table.tsx';
import { ImportList } from './import-list.tsx';

const PAGE_SIZE = 100;

export function DatasetsView() {
  const query = useQuery(DatasetsDocument, { variables: { first: PAGE_SIZE } });
  const reload = useReload(query.refetch);
  return (
    <>
      <PageHeader
        title="Datasets"
        note="Patches that were imported together and checked one by one."
        actions={
          <>
            <Button asChild>
              <Link href="/datasets/import/slides">Import slides</Link>
            </Button>
            <Button asChild look="primary">
              <Link href="/datasets/import">
                <Plus />
                Import dataset
              </Link>
            </Button>
          </>
        }
      />
      <QueryFrame {...query}>
        {(data) => (
          <div className="flex flex-col gap-5">
            <DeletionList kind="DATASET" onFinished={reload} />
            <ImportList imports={data.datasetImports} onSettled={reload} />
            {data.datasets.edges.length > 0 ? (
              <DatasetTable datasets={data.datasets.edges.map(({ node }) => node)} />
            ) : (
              <EmptyState title="No dataset yet">
                Import a folder or a .zip of patches, in any of the layouts that are known or with a table
                that says what each file is, or slides, which are cut into patches.
              </EmptyState>
            )}
          </div>
        )}
      </QueryFrame>
    </>
  );
}
