'use client';
/** The card of external evaluations: those of a run, or those of all versions of a model. */
import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { QueryFrame } from '../components/query-frame.tsx';
import {
  ExternalEvaluationsOfModelDocument,
  ExternalEvaluationsOfRunDocument,
} from '../graphql/generated/graphql.ts';
import { Card } from '../ui/card.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { type ExamRow, ExternalEvaluationTable } from './external-evaluation-table.tsx';
import { isSettled, useSettledPoll } from './use-settled-poll.ts';

export function ExternalEvaluationsOfRun({ runId, actions }: { runId: string; actions: ReactNode }) {
  const query = useQuery(ExternalEvaluationsOfRunDocument, { variables: { id: runId } });
  const found = query.data?.run?.externalEvaluations;
  useSettledPoll(query, found?.every(isSettled) ?? true);
  return <ExternalCard query={query} rows={found?.map((evaluation) => ({ evaluation }))} actions={actions} />;
}

/** The newest version first. */
export function ExternalEvaluationsOfModel({ modelId }: { modelId: string }) {
  const query = useQuery(ExternalEvaluationsOfModelDocument, { variables: { id: modelId } });
  const rows = query.data?.model?.versions
    .toSorted((a, b) => b.number - a.number)
    .flatMap(({ number, externalEvaluations }) =>
      externalEvaluations.map((evaluation) => ({ evaluation, version: number })),
    );
  useSettledPoll(query, rows?.every(({ evaluation }) => isSettled(evaluation)) ?? true);
  return <ExternalCard query={query} rows={rows} />;
}

type ExternalCardProps = {
  query: { error?: unknown; loading: boolean; refetch: () => unknown };
  rows: readonly ExamRow[] | undefined;
  actions?: ReactNode;
};

function ExternalCard({ query, rows, actions }: ExternalCardProps) {
  return (
    <Card
      flush
      title="Tested on other data"
      note="Data on which the model was not trained or tuned, at the threshold that it brought along."
      actions={actions}
    >
      <QueryFrame {...query} data={rows} skeleton={<Skeleton className="m-4 h-16" />}>
        {(found) =>
          found.length === 0 ? (
            <p className="p-4 text-sm text-muted-foreground">
              Not yet. How it does at another centre is unknown.
            </p>
          ) : (
            <ExternalEvaluationTable rows={found} />
          )
        }
      </QueryFrame>
    </Card>
  );
}
