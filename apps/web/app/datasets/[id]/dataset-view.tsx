'use client';
/** Lays out one dataset. */
import { useQuery } from '@apollo/client/react';
import Link from 'next/link';
import { linkToLaunch, linkToSplits } from '../../../address/page-addresses.ts';
import { PageHeader } from '../../../components/page-header.tsx';
import { QueryFrame } from '../../../components/query-frame.tsx';
import { DatasetDocument, type DatasetQuery } from '../../../graphql/generated/graphql.ts';
import { SplitTable } from '../../../split/split-table.tsx';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { DatasetFacts } from './dataset-facts.tsx';
import { DeleteDataset } from './delete-dataset.tsx';
import { PatientChart } from './patient-chart.tsx';
import { PixelChanges } from './pixel-changes.tsx';
import { RefusedFiles } from './refused-files.tsx';
import { SamplePatches } from './sample-patches.tsx';

export function DatasetView({ datasetId }: { datasetId: string }) {
  const query = useQuery(DatasetDocument, { variables: { id: datasetId } });
  return (
    <QueryFrame {...query} data={query.data?.dataset} missing="This dataset">
      {(dataset) => <DatasetLayout dataset={dataset} />}
    </QueryFrame>
  );
}

function DatasetLayout({ dataset }: { dataset: NonNullable<DatasetQuery['dataset']> }) {
  const { id, positiveClass } = dataset;
  const splitAction = (
    <Button asChild size="sm">
      <Link href={linkToSplits({ dataset: id, create: true })}>Create split</Link>
    </Button>
  );
  return (
    <>
      <PageHeader
        title={dataset.name}
        parent={{ href: '/datasets', label: 'Datasets' }}
        actions={
          <>
            <Button asChild look="primary">
              <Link href={linkToLaunch({ dataset: id })}>Launch on this dataset</Link>
            </Button>
            <DeleteDataset datasetId={id} name={dataset.name} />
          </>
        }
      />
      <DatasetFacts dataset={dataset} />
      <div className="flex flex-col gap-5">
        <SamplePatches datasetId={id} positiveClass={positiveClass} />
        <PatientChart datasetId={id} positiveClass={positiveClass} />
        <Card
          title="Splits"
          note="Which patients are in TRAIN, VALIDATION and TEST. A split never changes."
          actions={splitAction}
          flush
        >
          <SplitTable splits={dataset.splits} empty="This dataset is not split yet." />
        </Card>
        <PixelChanges changes={dataset.pixelChanges} />
        <RefusedFiles datasetId={id} counts={dataset.refusalCounts} />
      </div>
    </>
  );
}
