'use client';
/** The list of splits; of one dataset if the address names it. */
import { useQuery } from '@apollo/client/react';
import { ListChecks, Plus } from 'lucide-react';
import Link from 'next/link';
import { useQueryStates } from 'nuqs';
import type { ComponentProps } from 'react';
import { SPLITS_PARAMETERS } from '../../address/page-addresses.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryFrame } from '../../components/query-frame.tsx';
import { countNoun } from '../../format/count-noun.ts';
import { tellProjects } from '../../format/tell-apart.ts';
import { SplitsDocument, type SplitsQuery } from '../../graphql/generated/graphql.ts';
import { SplitTable } from '../../split/split-table.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Select } from '../../ui/field.tsx';
import { loadLater } from '../../ui/load-later.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

const CreateSplitForm = loadLater(
  async () => (await import('./create-split-form.tsx')).CreateSplitForm,
  <Skeleton className="h-96" />,
);

const PAGE_SIZE = 200;
const NO_DATASET = 'Import a dataset first, then split it by patient.';
const NO_SPLIT = 'No split yet. Create one before you launch runs.';

export function SplitsView() {
  const [{ dataset: datasetId, create: creating }, setParameters] = useQueryStates(SPLITS_PARAMETERS);
  const query = useQuery(SplitsDocument, { variables: { datasetId, first: PAGE_SIZE } });
  const datasets = tellProjects((query.data?.datasets.edges ?? []).map(({ node }) => node)).map(
    ({ sites, ...dataset }) => ({ ...dataset, sites: sites.map(({ site }) => site) }),
  );
  return (
    <>
      <PageHeader
        title="Splits"
        note="What is used to train, validate and test. A split never changes, and the database keeps each patient (or what the dataset is split by) on one side."
        actions={
          <SplitActions
            datasets={datasets}
            datasetId={datasetId}
            isCreating={creating}
            onCreating={(create) => void setParameters({ create })}
          />
        }
      />
      <QueryFrame {...query}>
        {(data) => (
          <Card
            flush
            title={countNoun(data.splits.totalCount, 'split')}
            actions={
              <DatasetChoice
                datasets={datasets}
                value={datasetId}
                onChange={(id) => void setParameters({ dataset: id || null })}
              />
            }
          >
            <SplitTable
              splits={data.splits.edges.map(({ node }) => tellWords(node))}
              empty={datasets.length === 0 ? NO_DATASET : NO_SPLIT}
            />
          </Card>
        )}
      </QueryFrame>
    </>
  );
}

type ListedSplit = SplitsQuery['splits']['edges'][number]['node'];

/** With the words of its dataset. */
function tellWords(split: ListedSplit) {
  const { unit, tasks } = split.dataset;
  return { ...split, unit, positiveClass: tasks[0]?.positiveName };
}

type SplitActionsProps = {
  datasets: (ComponentProps<typeof CreateSplitForm>['datasets'][number] & { isLabelled: boolean })[];
  datasetId: string | null;
  isCreating: boolean;
  onCreating: (isCreating: boolean) => void;
};

/** Without classes there is nothing to split for. */
function SplitActions({ datasets, datasetId, isCreating, onCreating }: SplitActionsProps) {
  const splittable = datasets.filter(({ isLabelled }) => isLabelled);
  return (
    <>
      <AuditLink />
      <Dialog
        title="Create split"
        open={isCreating}
        onOpenChange={onCreating}
        prepare={CreateSplitForm.load}
        trigger={
          <Button look="primary" disabled={splittable.length === 0}>
            <Plus />
            Create split
          </Button>
        }
      >
        {splittable.length > 0 && <CreateSplitForm datasets={splittable} initialDatasetId={datasetId} />}
      </Dialog>
    </>
  );
}

type DatasetChoiceProps = {
  datasets: readonly { id: string; name: string }[];
  value: string | null;
  onChange: (datasetId: string) => void;
};

function DatasetChoice({ datasets, value, onChange }: DatasetChoiceProps) {
  return (
    <Select
      aria-label="Dataset"
      className="h-7 w-56 text-xs"
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">All datasets</option>
      {datasets.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </Select>
  );
}

function AuditLink() {
  return (
    <Button asChild>
      <Link href="/splits/audit">
        <ListChecks />
        Audit a list
      </Link>
    </Button>
  );
}
