'use client';
/**
 * Watches my work on every page, once it is asked for: runs as they change, imports and analyses every half minute while the
 * tab is out of sight. Where nobody signs in, all work is mine.
 */
import { useApolloClient, useSubscription } from '@apollo/client/react';
import { useRouter } from 'next/navigation';
import {
  createContext,
  type ReactNode,
  use,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { useAccess } from '../access/access-provider.tsx';
import { useConnectionState } from '../api/api-provider.tsx';
import { EndedWorkDocument, RunsEndedDocument } from '../graphql/generated/graphql.ts';
import { toast } from '../ui/toast.ts';
import { keepChoice, readChoice } from './kept-choice.ts';
import { listChangedRun, listOtherWork } from './list-work.ts';
import { askToNotify, type NoticeBoard, openNoticeBoard } from './show-notices.ts';
import { createWorkWatch, type WatchedWork } from './watch-work.ts';

type Notifications = { isOn: boolean; toggle: () => void };

const NotificationContext = createContext<Notifications | null>(null);

const LOOK_EVERY_MS = 30_000;

export function NotificationProvider({ children }: { children: ReactNode }) {
  const [chosen, setChosen] = useState<boolean | null>(null);
  const kept = useSyncExternalStore(
    () => () => undefined,
    readChoice,
    () => false,
  );
  const isOn = chosen ?? kept;
  const value = useMemo(() => {
    const toggle = async () => {
      setChosen(!isOn);
      keepChoice(!isOn);
      if (isOn) return;
      const refusal = await askToNotify();
      if (refusal) toast.info(refusal, { duration: 10_000 });
      else toast.success('You will hear of your runs, imports and analyses when they end.');
    };
    return { isOn, toggle: () => void toggle() };
  }, [isOn]);
  const isResting = useConnectionState() === 'resting';
  return (
    <NotificationContext value={value}>
      {isOn && !isResting && <Watch />}
      {children}
    </NotificationContext>
  );
}

/** Only below NotificationProvider. */
export function useNotifications(): Notifications {
  const notifications = use(NotificationContext);
  if (!notifications) throw new Error('useNotifications is called outside NotificationProvider.');
  return notifications;
}

function Watch() {
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
