'use client';
/**
 * Watches my work: runs as they change, imports and analyses every half minute while the tab is out of sight. Where nobody signs in, all
 * work is mine.
 */
import { useApolloClient, useSubscription } from '@apollo/client/react';
import { useRouter } from 'next/navigation';
import { useEffect, useMemo, useState } from 'react';
import { useAccess } from '../access/access-provider.tsx';
import { EndedWorkDocument, RunsEndedDocument } from '../graphql/generated/graphql.ts';
import { listChangedRun, listOtherWork } from './list-work.ts';
import { type NoticeBoard, openNoticeBoard } from './show-notices.ts';
import { createWorkWatch, type WatchedWork } from './watch-work.ts';

const LOOK_EVERY_MS = 30_000;

export function WorkWatcher() {
  const { me } = useAccess();
  const accountId = me?.account.id ?? null;
  const router = useRouter();
  const client = useApolloClient();
  const watch = useMemo(() => createWorkWatch({ sinceMs: Date.now(), accountId }), [accountId]);
  const [board, setBoard] = useState<NoticeBoard | null>(null);
  useEffect(() => {
    const opened = openNoticeBoard((href) => router.push(href));
    setBoard(opened);
    return () => opened.close();
  }, [router]);
  useSubscription(RunsEndedDocument, {
    fetchPolicy: 'no-cache',
    ignoreResults: true,
    onData: ({ data }) => {
      if (data.data) board?.show(watch.look(listChangedRun(data.data.runsChanged)));
    },
  });
  useEffect(() => {
    const show = (works: readonly WatchedWork[]) => board?.show(watch.look(works));
    const look = async () => {
      if (document.visibilityState === 'visible') return;
      const { data } = await client.query({ query: EndedWorkDocument, fetchPolicy: 'no-cache' });
      if (data) show(listOtherWork(data));
    };
    // The next look makes up for one that fails.
    const lookOrWait = () => void look().catch(() => undefined);
    const timer = setInterval(lookOrWait, LOOK_EVERY_MS);
    document.addEventListener('visibilitychange', lookOrWait);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', lookOrWait);
    };
  }, [client, board, watch]);
  return null;
}
