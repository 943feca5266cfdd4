'use client';
/** What people say of an experiment or a model, at the end of its page. Nothing tells of them: they are asked for now and then. */
import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { QueryFrame } from '../components/query-frame.tsx';
import { ExperimentCommentsDocument, ModelCommentsDocument } from '../graphql/generated/graphql.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { CommentList } from './comment-list.tsx';

const POLL_MS = 15_000;

export function ExperimentComments({ experimentId }: { experimentId: string }) {
  const query = useQuery(ExperimentCommentsDocument, {
    variables: { id: experimentId },
    pollInterval: POLL_MS,
  });
  return (
    <Section>
      <QueryFrame {...query} data={query.data?.experiment} skeleton={<Skeleton className="h-24" />}>
        {({ comments }) => (
          <CommentList
            subject={{ experimentId }}
            comments={comments}
            nothing="Nothing was said of this experiment yet."
          />
        )}
      </QueryFrame>
    </Section>
  );
}

export function ModelComments({ modelId }: { modelId: string }) {
  const query = useQuery(ModelCommentsDocument, { variables: { id: modelId }, pollInterval: POLL_MS });
  return (
    <Section>
      <QueryFrame {...query} data={query.data?.model} skeleton={<Skeleton className="h-24" />}>
        {({ comments }) => (
          <CommentList
            subject={{ modelId }}
            comments={comments}
            nothing="Nothing was said of this model yet."
          />
        )}
      </QueryFrame>
    </Section>
  );
}

function Section({ children }: { children: ReactNode }) {
  return (
    <section aria-labelledby="comments-heading" className="mt-6">
      <h2 id="comments-heading" className="mb-3 text-base font-semibold">
        Comments
      </h2>
      {children}
    </section>
  );
}
