'use client';
/** One experiment: its question, the status of its runs, its sweeps. */
import Link from 'next/link';
import { useShowsProjects } from '../../access/use-shows-projects.ts';
import { linkToLaunch, linkToRuns } from '../../address/page-addresses.ts';
import { Moment } from '../../components/moment.tsx';
import { TextLink } from '../../components/text-link.tsx';
import type { ExperimentsQuery } from '../../graphql/generated/graphql.ts';
import { StatusBadge } from '../../run/status-badge.tsx';
import { UnsafeMark } from '../../split/unsafe-mark.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { SweepRow } from './sweep-row.tsx';

type Experiment = ExperimentsQuery['experiments']['edges'][number]['node'];

export function ExperimentCard({ experiment }: { experiment: Experiment }) {
  const { id, name, question, dataset, runCounts, unsafeRunCount, notLearnedRunCount, sweeps } = experiment;
  const counted = runCounts.filter(({ count }) => count > 0);
  return (
    <Card
      title={<TextLink href={`/experiments/${id}`}>{name}</TextLink>}
      aria-label={name}
      note={
        <>
          <Home experiment={experiment} /> · created <Moment at={experiment.createdAt} />
        </>
      }
      actions={
        <>
          <Button asChild size="sm">
            <Link href={linkToRuns({ experiment: id })}>Show runs</Link>
          </Button>
          {dataset && (
            <Button asChild size="sm">
              <Link href={linkToLaunch({ dataset: dataset.id, experiment: id })}>Launch run</Link>
            </Button>
          )}
        </>
      }
    >
      {question && <p className="mb-3 max-w-3xl text-sm">{question}</p>}
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
        {counted.length === 0 && <span className="text-muted-foreground">No run yet.</span>}
        {counted.map(({ status, count }) => (
          <span key={status} className="inline-flex items-center gap-1.5">
            <StatusBadge status={status} />
            {count}
          </span>
        ))}
        {unsafeRunCount > 0 && (
          <span className="inline-flex items-center gap-1.5">
            <UnsafeMark short />
            {unsafeRunCount}
          </span>
        )}
        {notLearnedRunCount > 0 && (
          <Link
            href={linkToRuns({ experiment: id, learning: 'NOT_LEARNED' })}
            className="text-caution underline-offset-2 hover:underline"
          >
            {notLearnedRunCount} did not learn
          </Link>
        )}
      </p>
      {sweeps.length > 0 && (
        <ul className="mt-3 flex flex-col gap-1.5 border-t border-line pt-3">
          {sweeps.map((sweep) => (
            <SweepRow key={sweep.id} sweep={sweep} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Home({ experiment: { dataset, task, project } }: { experiment: Experiment }) {
  const place = useShowsProjects() ? ` · project ${project.name}` : '';
  if (!dataset || !task) return <>of external programs, without a dataset{place}</>;
  return (
    <>
      on <TextLink href={`/datasets/${dataset.id}`}>{dataset.name}</TextLink> · task {task.name}
      {place}
    </>
  );
}
