'use client';
/** Keeps lists of runs up to date: known runs change in the cache; for new or deleted ones it calls back. */
import { useSubscription } from '@apollo/client/react';
import { RunsChangedDocument } from '../graphql/generated/graphql.ts';

type RunsChangedOptions = {
  knownIds: ReadonlySet<string>;
  /** A run was added, deleted or settled: the list has to be reloaded. */
  onListChanged: () => void;
  /** One of the known runs changed, for instance by one more epoch. */
  onKnownChanged?: (runId: string) => void;
};

export function useRunsChanged({ knownIds, onListChanged, onKnownChanged }: RunsChangedOptions): void {
  useSubscription(RunsChangedDocument, {
    variables: { experimentId: null },
    onData: ({ data }) => {
      const change = data.data?.runsChanged;
      if (!change) return;
      const settled = change.status !== 'RUNNING' && change.status !== 'QUEUED';
      if (settled || !change.run || !knownIds.has(change.runId)) onListChanged();
      if (knownIds.has(change.runId)) onKnownChanged?.(change.runId);
    },
  });
}
