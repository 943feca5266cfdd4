'use client';
/** The list of experiments with their sweeps. */
import { useQuery } from '@apollo/client/react';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryFrame } from '../../components/query-frame.tsx';
import { tellProjects } from '../../format/tell-apart.ts';
import { ExperimentsDocument } from '../../graphql/generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { loadLater } from '../../ui/load-later.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ExperimentCard } from './experiment-card.tsx';

const CreateExperimentForm = loadLater(
  async () => (await import('./create-experiment-form.tsx')).CreateExperimentForm,
  <Skeleton className="h-72" />,
);

const PAGE_SIZE = 200;

export function ExperimentsView() {
  const [creating, setCreating] = useState(false);
  const query = useQuery(ExperimentsDocument, { variables: { first: PAGE_SIZE } });
  const datasets = tellProjects(query.data?.datasets.edges.map(({ node }) => node) ?? []);
  return (
    <>
      <PageHeader
        title="Experiments"
        note="A named question on one dataset, holding the runs that answer it."
        actions={
          <Dialog
            title="Create experiment"
            open={creating}
            onOpenChange={setCreating}
            prepare={CreateExperimentForm.load}
            trigger={
              <Button look="primary" disabled={datasets.length === 0}>
                <Plus />
                Create experiment
              </Button>
            }
          >
            <CreateExperimentForm datasets={datasets} onCreated={() => setCreating(false)} />
          </Dialog>
        }
      />
      <QueryFrame {...query}>
        {(data) =>
          data.experiments.edges.length === 0 ? (
            <EmptyState title="No experiment yet">
              {datasets.length === 0
                ? 'Import a dataset first: an experiment asks a question about one.'
                : 'Ask a question, for example: does the deep network beat the shallow one?'}
            </EmptyState>
          ) : (
            <div className="flex flex-col gap-4">
              {data.experiments.edges.map(({ node }) => (
                <ExperimentCard key={node.id} experiment={node} />
              ))}
            </div>
          )
        }
      </QueryFrame>
    </>
  );
}
