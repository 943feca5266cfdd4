'use client';
/** What people say of the run, as it is said: read again whenever the run is told to have changed. */
import { useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { useReload } from '../api/use-reload.ts';
import { QueryFrame } from '../components/query-frame.tsx';
import { RunCommentsDocument } from '../graphql/generated/graphql.ts';
import { useRunsChanged } from '../run/use-runs-changed.ts';
import { CommentList } from './comment-list.tsx';

export function RunComments({ runId }: { runId: string }) {
  const query = useQuery(RunCommentsDocument, { variables: { id: runId } });
  const reload = useReload(query.refetch);
  const knownIds = useMemo(() => new Set([runId]), [runId]);
  useRunsChanged({ knownIds, onListChanged: () => undefined, onKnownChanged: reload });
  return (
    <QueryFrame {...query} data={query.data?.run} missing="This run">
      {({ comments }) => (
        <CommentList subject={{ runId }} comments={comments} nothing="Nothing was said of this run yet." />
      )}
    </QueryFrame>
  );
}
