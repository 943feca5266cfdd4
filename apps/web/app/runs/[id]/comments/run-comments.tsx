'use client';
/** What people say of the run, as it is said: read again whenever the run is told to have changed. */
import { useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { useReload } from '../../../../api/use-reload.ts';
import { EmptyState } from '../../../../components/empty-state.tsx';
import { QueryFrame } from '../../../../components/query-frame.tsx';
import { RunCommentsDocument } from '../../../../graphql/generated/graphql.ts';
import { useRunsChanged } from '../../../../run/use-runs-changed.ts';
import { AddComment } from './add-comment.tsx';
import { CommentEntry } from './comment-entry.tsx';

export function RunComments({ runId }: { runId: string }) {
  const query = useQuery(RunCommentsDocument, { variables: { id: runId } });
  const reload = useReload(query.refetch);
  const knownIds = useMemo(() => new Set([runId]), [runId]);
  useRunsChanged({ knownIds, onListChanged: () => undefined, onKnownChanged: reload });
  return (
    <QueryFrame {...query} data={query.data?.run} missing="This run">
      {({ comments }) => (
        <div className="flex max-w-3xl flex-col gap-4">
          {comments.length === 0 ? (
            <EmptyState title="Nothing was said of this run yet." />
          ) : (
            <ol aria-label="Comments" className="flex flex-col gap-3">
              {comments.map((comment) => (
                <CommentEntry key={comment.id} comment={comment} />
              ))}
            </ol>
          )}
          <AddComment runId={runId} />
        </div>
      )}
    </QueryFrame>
  );
}
