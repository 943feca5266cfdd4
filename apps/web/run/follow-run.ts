/**
 * Follows one run over the page's WebSocket: every event after `after`, each once and in order, then live ones,
 * with batch progress in between. A reconnect loses nothing, and nothing enters Apollo's cache.
 */
import { print } from 'graphql';
import type { Client } from 'graphql-ws';
import { FollowRunDocument, type FollowRunSubscription } from '../graphql/generated/graphql.ts';

export type RunStreamItem = FollowRunSubscription['runEvents'];

type FollowRequest = {
  live: Client;
  runId: string;
  after: number;
  onItem: (item: RunStreamItem) => void;
  onError: (message: string) => void;
};

/** Returns how to stop following. */
export function followRun({ live, runId, after, onItem, onError }: FollowRequest): () => void {
  let lastSeq = after;
  const variables = {
    runId,
    // Read again whenever the client subscribes after a reconnect: it then asks only for what is missing.
    get after() {
      return lastSeq;
    },
  };
  return live.subscribe<FollowRunSubscription>(
    { query: print(FollowRunDocument), variables },
    {
      next: ({ data, errors }) => {
        if (errors?.[0]) onError(errors[0].message);
        const item = data?.runEvents;
        if (!item) return;
        if (item.__typename === 'RunEvent') lastSeq = Math.max(lastSeq, item.seq);
        onItem(item);
      },
      error: (error) => onError(describeStreamError(error)),
      complete: () => undefined,
    },
  );
}

function describeStreamError(error: unknown): string {
  if (Array.isArray(error)) return error.map((one: { message: string }) => one.message).join(' ');
  return error instanceof Error ? error.message : 'The live connection failed.';
}
