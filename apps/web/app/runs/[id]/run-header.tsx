'use client';
/** A run's name, its marks and actions. */
import { useMutation } from '@apollo/client/react';
import { RotateCcw, Square } from 'lucide-react';
import { linkToLaunch, linkToRuns } from '../../../address/page-addresses.ts';
import { useAction } from '../../../api/use-action.ts';
import { LaterLink } from '../../../components/later-link.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { TextLink } from '../../../components/text-link.tsx';
import { LearningMark } from '../../../evaluation/learning-mark.tsx';
import {
  CancelRunDocument,
  RetryRunDocument,
  type RunPageFragment,
} from '../../../graphql/generated/graphql.ts';
import { LaterMarkdown } from '../../../markdown/later-markdown.tsx';
import { OriginMark } from '../../../run/origin-mark.tsx';
import { StatusBadge } from '../../../run/status-badge.tsx';
import { TagList } from '../../../run/tag-list.tsx';
import { UnsafeMark } from '../../../split/unsafe-mark.tsx';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { EditRunDialog } from './edit-run-dialog.tsx';
import { RegisterVersionDialog } from './register-version-dialog.tsx';
import { RunMenu } from './run-menu.tsx';

export function RunHeader({ run }: { run: RunPageFragment }) {
  return (
    <PageHeader
      title={run.name}
      parent={{ href: '/runs', label: 'Runs' }}
      marks={
        <>
          <StatusBadge status={run.status} canceling={Boolean(run.cancelRequestedAt)} />
          <OriginMark origin={run.origin} />
          {run.archivedAt && <Badge>archived</Badge>}
          {run.unsafe && <UnsafeMark />}
          <LearningMark learning={run.learning} />
          {run.modelVersions.map(({ id, number, aliases, model }) => (
            <Badge
              key={id}
              tone={aliases.includes('champion') ? 'accent' : 'neutral'}
              asLink={`/models/${model.id}`}
            >
              {aliases.includes('champion') ? 'champion of ' : ''}
              {model.name} v{number}
            </Badge>
          ))}
          <TagList tags={run.tags} />
        </>
      }
      note={
        <>
          <span>
            {run.architecture} in{' '}
            <TextLink href={linkToRuns({ experiment: run.experiment.id })}>{run.experiment.name}</TextLink>
            <Data run={run} />
            {run.seed !== null && `, seed ${run.seed}`}
            {run.sweep && (
              <>
                , of the sweep <TextLink href={`/sweeps/${run.sweep.id}`}>{run.sweep.name}</TextLink>
              </>
            )}
          </span>
          {run.notes && <LaterMarkdown text={run.notes} className="mt-1 text-foreground" />}
        </>
      }
      actions={<RunActions run={run} />}
    />
  );
}

function Data({ run: { split, dataset } }: { run: RunPageFragment }) {
  if (!dataset) return null;
  const home = <TextLink href={`/datasets/${dataset.id}`}>{dataset.name}</TextLink>;
  if (!split) return <> on {home}</>;
  return (
    <>
      {' '}
      on <TextLink href={`/splits/${split.id}`}>{split.name}</TextLink> of {home}
    </>
  );
}

/** Of an external program's run: a version is made of a file that has passed. */
function isModelChecked({ externalModel }: RunPageFragment): boolean {
  return externalModel !== null && externalModel?.refusal === null;
}

function RunActions({ run }: { run: RunPageFragment }) {
  const [cancelRun] = useMutation(CancelRunDocument);
  const [retryRun] = useMutation(RetryRunDocument);
  const action = useAction();
  const variables = { id: run.id };
  const isOpen = run.status === 'QUEUED' || run.status === 'RUNNING';
  const isOurs = run.origin === 'WORKER';
  const canRetry = isOurs && (run.status === 'FAILED' || run.status === 'CANCELED');
  return (
    <>
      {isOpen && (
        <Button
          look="danger"
          disabled={action.busy || Boolean(run.cancelRequestedAt)}
          onClick={() => action.run(() => cancelRun({ variables }))}
        >
          <Square />
          Cancel run
        </Button>
      )}
      {canRetry && (
        <Button
          disabled={action.busy}
          onClick={() => action.run(() => retryRun({ variables }), 'Queued again')}
        >
          <RotateCcw />
          Retry run
        </Button>
      )}
      {run.status === 'SUCCEEDED' && (isOurs || isModelChecked(run)) && (
        <RegisterVersionDialog runId={run.id} />
      )}
      <EditRunDialog run={run} />
      {isOurs && (
        <Button asChild>
          <LaterLink href={linkToLaunch({ from: run.id })}>Launch like this</LaterLink>
        </Button>
      )}
      <RunMenu run={run} />
    </>
  );
}
