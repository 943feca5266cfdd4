'use client';
/** Lays out one dataset. */
import { useQuery } from '@apollo/client/react';
import Link from 'next/link';
import { linkToLaunch, linkToSplits } from '../../../address/page-addresses.ts';
import { PageHeader } from '../../../components/page-header.tsx';
import { QueryFrame } from '../../../components/query-frame.tsx';
import { describeDeletion } from '../../../deletion/describe-deletion.ts';
import { DatasetDocument, type DatasetQuery } from '../../../graphql/generated/graphql.ts';
import { SplitTable } from '../../../split/split-table.tsx';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { hasUnits, nameIndependent } from '../../../unit/unit-words.ts';
import { ClassesCard } from './classes-card.tsx';
import { DatasetFacts } from './dataset-facts.tsx';
import { DeleteDataset } from './delete-dataset.tsx';
import { PatientChart } from './patient-chart.tsx';
import { PixelChanges } from './pixel-changes.tsx';
import { RefusedFiles } from './refused-files.tsx';
import { SamplePatches } from './sample-patches.tsx';
import { SitesCard } from './sites-card.tsx';
import { TasksCard } from './tasks-card.tsx';

export function DatasetView({ datasetId }: { datasetId: string }) {
  const query = useQuery(DatasetDocument, { variables: { id: datasetId } });
  return (
    <QueryFrame {...query} data={query.data?.dataset} missing="This dataset">
      {(dataset) => <DatasetLayout dataset={dataset} />}
    </QueryFrame>
  );
}

function DatasetLayout({ dataset }: { dataset: NonNullable<DatasetQuery['dataset']> }) {
  const { id, tasks, unit } = dataset;
  const [task] = tasks;
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
          !dataset.deletion && (
            <>
              {dataset.isLabelled && (
                <Button asChild look="primary">
                  <Link href={linkToLaunch({ dataset: id })}>Launch on this dataset</Link>
                </Button>
              )}
              <DeleteDataset datasetId={id} name={dataset.name} />
            </>
          )
        }
      />
      <Warnings dataset={dataset} />
      <DatasetFacts dataset={dataset} />
      <div className="flex flex-col gap-5">
        <ClassesCard dataset={dataset} />
        <TasksCard dataset={dataset} />
        <SitesCard dataset={dataset} />
        <SamplePatches datasetId={id} classes={dataset.classes} />
        {hasUnits(unit) && <PatientChart datasetId={id} task={task} unit={unit} />}
        <Card
          title="Splits"
          note={`Which ${nameIndependent(unit)} are in TRAIN, VALIDATION and TEST. A split never changes.`}
          actions={splitAction}
          flush
        >
          <SplitTable
            splits={dataset.splits.map((split) => ({ ...split, unit, positiveClass: task?.positiveName }))}
            empty="This dataset is not split yet."
          />
        </Card>
        <PixelChanges changes={dataset.pixelChanges} />
        <RefusedFiles datasetId={id} counts={dataset.refusalCounts} />
      </div>
    </>
  );
}

function Warnings({ dataset }: { dataset: NonNullable<DatasetQuery['dataset']> }) {
  return (
    <>
      {dataset.unit.warning && (
        <Notice tone="caution" className="mb-5">
          {dataset.unit.warning}
        </Notice>
      )}
      {!dataset.isLabelled && (
        <Notice tone="caution" title="No classes" className="mb-5">
          This dataset was imported for heatmaps and predictions alone: nothing can be trained on it.
        </Notice>
      )}
      {dataset.deletion && (
        <Notice tone="caution" className="mb-4" title="This dataset is being deleted">
          {describeDeletion(dataset.deletion).sentence}
        </Notice>
      )}
    </>
  );
}
