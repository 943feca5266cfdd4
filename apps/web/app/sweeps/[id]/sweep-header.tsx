'use client';
/** A sweep's name, its state, and canceling it. */
import { useMutation } from '@apollo/client/react';
import { ListChecks, Square } from 'lucide-react';
import Link from 'next/link';
import { linkToRuns } from '../../../address/page-addresses.ts';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { Moment } from '../../../components/moment.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { TextLink } from '../../../components/text-link.tsx';
import { CancelSweepDocument, type SweepPageFragment } from '../../../graphql/generated/graphql.ts';
import { known } from '../../../run/run-on-split.ts';
import { STRATEGY_TEXTS } from '../../../sweep/sweep-strategies.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';

export function SweepHeader({ sweep }: { sweep: SweepPageFragment }) {
  const { id, name, strategy, settled, canceledAt, experiment } = sweep;
  const dataset = known(experiment.dataset);
  return (
    <PageHeader
      title={name}
      parent={{ href: '/experiments', label: 'Experiments' }}
      marks={
        <>
          <Badge tone="accent">{STRATEGY_TEXTS[strategy].name}</Badge>
          {canceledAt ? <Badge>canceled</Badge> : <Badge>{settled ? 'finished' : 'running'}</Badge>}
        </>
      }
      note={
        <>
          {sweep.ranking.length} ordinary runs in{' '}
          <TextLink href={linkToRuns({ experiment: experiment.id })}>{experiment.name}</TextLink> on{' '}
          <TextLink href={`/datasets/${dataset.id}`}>{dataset.name}</TextLink>, launched{' '}
          <Moment at={sweep.createdAt} />
        </>
      }
      actions={
        <>
          {!settled && !canceledAt && <CancelSweep sweep={sweep} />}
          <Button asChild>
            <Link href={linkToRuns({ sweep: id })}>
              <ListChecks />
              Show runs
            </Link>
          </Button>
        </>
      }
    />
  );
}

function CancelSweep({ sweep }: { sweep: SweepPageFragment }) {
  const [cancelSweep] = useMutation(CancelSweepDocument);
  return (
    <ConfirmDialog
      title="Cancel sweep"
      confirm="Cancel sweep"
      done={`${sweep.name} is being canceled`}
      onConfirm={() => cancelSweep({ variables: { id: sweep.id } })}
      trigger={
        <Button look="danger">
          <Square />
          Cancel sweep
        </Button>
      }
    >
      Waiting and training runs are canceled{sweep.strategy === 'HALVING' && ', and no further rung is made'}.
      Finished runs keep their results.
    </ConfirmDialog>
  );
}
