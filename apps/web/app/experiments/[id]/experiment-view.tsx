'use client';
/** One experiment: its best run, how many are in which status, and the curves of its newest runs over one another. */
import { useQuery } from '@apollo/client/react';
import Link from 'next/link';
import { useMemo } from 'react';
import { linkToLaunch, linkToRuns } from '../../../address/page-addresses.ts';
import { useReload } from '../../../api/use-reload.ts';
import { LaterCurves } from '../../../charts/overlay/later-curves.tsx';
import { ExperimentComments } from '../../../comment/other-comments.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { FigureStrip } from '../../../components/figure-strip.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { QueryFrame } from '../../../components/query-frame.tsx';
import { TextLink } from '../../../components/text-link.tsx';
import { capitalize } from '../../../format/capitalize.ts';
import { formatCount, formatInterval, formatMetric } from '../../../format/format-number.ts';
import {
  ExperimentCurvesDocument,
  ExperimentDocument,
  type ExperimentQuery,
  type StandingRunFragment,
} from '../../../graphql/generated/graphql.ts';
import { type MetricCatalogue, titleMetric } from '../../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../../metrics/metric-catalogue-provider.tsx';
import { useRunsChanged } from '../../../run/use-runs-changed.ts';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { nameIndependent } from '../../../unit/unit-words.ts';

type Experiment = NonNullable<ExperimentQuery['experiment']>;

export function ExperimentView({ experimentId }: { experimentId: string }) {
  const query = useQuery(ExperimentDocument, { variables: { id: experimentId } });
  return (
    <QueryFrame {...query} data={query.data?.experiment} missing="This experiment">
      {(experiment) => <ExperimentLayout experiment={experiment} refetch={query.refetch} />}
    </QueryFrame>
  );
}

type LayoutProps = { experiment: Experiment; refetch: () => Promise<unknown> };

function ExperimentLayout({ experiment, refetch }: LayoutProps) {
  const { id, name, question, dataset, runs } = experiment;
  return (
    <>
      <PageHeader
        title={name}
        parent={{ href: '/experiments', label: 'Experiments' }}
        note={question || undefined}
        actions={
          <>
            <Button asChild>
              <Link href={linkToRuns({ experiment: id })}>Show runs</Link>
            </Button>
            {dataset && (
              <Button asChild look="primary">
                <Link href={linkToLaunch({ dataset: dataset.id, experiment: id })}>Launch run</Link>
              </Button>
            )}
          </>
        }
      />
      <Standing experiment={experiment} />
      {runs.totalCount === 0 ? (
        <EmptyState title="No run yet">Its curves appear here once a run has finished an epoch.</EmptyState>
      ) : (
        <ExperimentCurves experiment={experiment} refetch={refetch} />
      )}
      <ExperimentComments experimentId={id} />
    </>
  );
}

/** Those that the overview names too. */
const STANDING_METRICS = ['auc', 'balancedAccuracy'] as const;

function Standing({ experiment: { bestRun, runCounts, dataset, task } }: { experiment: Experiment }) {
  const catalogue = useMetricCatalogue();
  return (
    <FigureStrip
      figures={[
        {
          label: 'Best run',
          value: bestRun ? (
            <TextLink href={`/runs/${bestRun.id}`} className="text-base">
              {bestRun.name}
            </TextLink>
          ) : (
            '–'
          ),
          note: bestRun ? null : 'No run has finished.',
        },
        ...(bestRun ? STANDING_METRICS.map((name) => standingOf(bestRun, { name, catalogue, task })) : []),
        ...runCounts.map(({ status, count }) => ({
          label: capitalize(status.toLowerCase()),
          value: formatCount(count),
        })),
        ...(dataset
          ? [
              {
                label: 'Dataset',
                value: (
                  <TextLink href={`/datasets/${dataset.id}`} className="text-base">
                    {dataset.name}
                  </TextLink>
                ),
                note: task && `Task ${task.name}`,
              },
            ]
          : []),
      ]}
    />
  );
}

type Told = { name: string; catalogue: MetricCatalogue; task: Experiment['task'] };

/** As it was evaluated at its best epoch, with its interval. */
function standingOf(run: StandingRunFragment, { name, catalogue, task }: Told) {
  const figure = run.evaluations
    .find(({ subset }) => subset === 'VALIDATION')
    ?.figures.find(({ metric }) => metric === name);
  const interval = figure?.low != null && figure.high != null ? [figure.low, figure.high] : null;
  return {
    label: `${titleMetric(catalogue, name, task?.positiveName)} on VALIDATION`,
    value: formatMetric(figure?.value),
    note: interval && `95\u00A0% ${formatInterval(interval)}`,
  };
}

function ExperimentCurves({ experiment, refetch }: LayoutProps) {
  const { id, dataset, task, runs } = experiment;
  const shown = useMemo(() => runs.edges.map(({ node }) => node), [runs]);
  const knownIds = useMemo(() => new Set(shown.map((run) => run.id)), [shown]);
  // Curves are not cached; they are requested again whenever one of the runs changes.
  const query = useQuery(ExperimentCurvesDocument, {
    variables: { id, names: null },
    fetchPolicy: 'no-cache',
  });
  useRunsChanged({
    knownIds,
    onListChanged: useReload(async () => Promise.all([refetch(), query.refetch()])),
    onKnownChanged: useReload(query.refetch),
  });
  const data = query.data ?? query.previousData;
  const curves = useMemo(() => data?.experiment?.runs.edges.map(({ node }) => node) ?? [], [data]);
  const isPart = runs.totalCount > shown.length;
  return (
    <Card
      title="Curves"
      note={isPart ? `The newest ${shown.length} of ${formatCount(runs.totalCount)} runs` : undefined}
    >
      {query.error && !data ? (
        <p className="text-sm text-danger">{query.error.message}</p>
      ) : (
        <LaterCurves
          runs={shown}
          curves={curves}
          experimentId={id}
          positiveClass={task?.positiveName ?? ''}
          units={dataset ? nameIndependent(dataset.unit) : 'patients'}
          epochs={Math.max(2, ...shown.map(({ epochs, epochsDone }) => epochs ?? epochsDone))}
        />
      )}
    </Card>
  );
}
