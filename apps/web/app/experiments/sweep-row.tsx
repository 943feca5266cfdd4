'use client';
/** One sweep: how many of its runs are settled, and how to stop the rest. */
import { useMutation } from '@apollo/client/react';
import { useAction } from '../../api/use-action.ts';
import { TextLink } from '../../components/text-link.tsx';
import { CancelSweepDocument, type ExperimentsQuery } from '../../graphql/generated/graphql.ts';
import { STRATEGY_TEXTS } from '../../sweep/sweep-strategies.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';

type Sweep = ExperimentsQuery['experiments']['edges'][number]['node']['sweeps'][number];

export function SweepRow({ sweep }: { sweep: Sweep }) {
  const [cancelSweep] = useMutation(CancelSweepDocument);
  const { run, busy } = useAction();
  const open = sweep.runs.filter(({ status }) => status === 'QUEUED' || status === 'RUNNING').length;
  return (
    <li className="flex flex-wrap items-center gap-3 text-sm">
      <TextLink href={`/sweeps/${sweep.id}`}>{sweep.name}</TextLink>
      <Badge>{STRATEGY_TEXTS[sweep.strategy].name}</Badge>
      <span className="text-muted-foreground">
        {sweep.runs.length - open} of {sweep.runs.length} runs settled
      </span>
      {sweep.canceledAt && <Badge>canceled</Badge>}
      {open > 0 && !sweep.canceledAt && (
        <Button
          size="sm"
          disabled={busy}
          onClick={() =>
            run(() => cancelSweep({ variables: { id: sweep.id } }), `${sweep.name} is being canceled`)
          }
        >
          Cancel sweep
        </Button>
      )}
    </li>
  );
}
