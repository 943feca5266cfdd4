'use client';
/**
 * Loads what the launch form needs: datasets with their splits, the schema of the hyperparameters, a run to copy
 * from.
 */
import { useQuery } from '@apollo/client/react';
import Link from 'next/link';
import { useQueryStates } from 'nuqs';
import { LAUNCH_PARAMETERS } from '../../address/page-addresses.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryFrame } from '../../components/query-frame.tsx';
import { tellProjects } from '../../format/tell-apart.ts';
import {
  HyperparameterSchemaDocument,
  LaunchChoicesDocument,
  LaunchLikeDocument,
} from '../../graphql/generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { loadSoon } from '../../ui/load-later.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

const LaunchForm = loadSoon(
  async () => (await import('./launch-form.tsx')).LaunchForm,
  <Skeleton className="h-96" />,
);

const CHOICES = 200;

export function LaunchView() {
  const [wanted] = useQueryStates(LAUNCH_PARAMETERS);
  const fromId = wanted.from;
  const choices = useQuery(LaunchChoicesDocument, { variables: { first: CHOICES } });
  const schema = useQuery(HyperparameterSchemaDocument);
  const like = useQuery(LaunchLikeDocument, { variables: { id: fromId ?? '' }, skip: !fromId });
  const ready = choices.data && schema.data && (!fromId || like.data || like.error);
  return (
    <>
      <PageHeader
        title="Launch"
        note="A run is queued with everything it needs and starts as soon as a worker is free."
      />
      <QueryFrame
        data={ready ? { choices: choices.data, schema: schema.data } : undefined}
        error={choices.error ?? schema.error}
        loading
        refetch={() => Promise.all([choices.refetch(), schema.refetch()])}
      >
        {({ choices: { datasets, architectures, backends, workers }, schema: { hyperparameterSchema } }) =>
          datasets.edges.length === 0 ? (
            <EmptyState
              title="There is nothing to train on yet"
              action={
                <Button asChild look="primary">
                  <Link href="/datasets">Import a dataset</Link>
                </Button>
              }
            >
              A run needs a dataset and a split of it.
            </EmptyState>
          ) : (
            <LaunchForm
              datasets={tellProjects(datasets.edges.map(({ node }) => node))}
              architectures={architectures}
              backends={backends}
              workers={workers.filter(({ status }) => status !== 'GONE').length}
              schema={hyperparameterSchema}
              like={like.data?.run ?? null}
              wanted={{
                datasetId: wanted.dataset,
                splitId: wanted.split,
                experimentId: wanted.experiment,
                strategy: wanted.sweep,
                preset: wanted.preset,
              }}
            />
          )
        }
      </QueryFrame>
    </>
  );
}
