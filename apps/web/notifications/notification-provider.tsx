'use client';
/** Whether work that ends is told of, on every page. What watches it is loaded once it is asked for. */
import { createContext, type ReactNode, use, useMemo, useState, useSyncExternalStore } from 'react';
import { useConnectionState } from '../api/api-provider.tsx';
import { loadLater } from '../ui/load-later.tsx';
import { toast } from '../ui/toast.ts';
import { keepChoice, readChoice } from './kept-choice.ts';

const WorkWatcher = loadLater(async () => (await import('./work-watcher.tsx')).WorkWatcher);

type Notifications = { isOn: boolean; toggle: () => void };

const NotificationContext = createContext<Notifications | null>(null);

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
      const { askToNotify } = await import('./show-notices.ts');
      const refusal = await askToNotify();
      if (refusal) toast.info(refusal, { duration: 10_000 });
      else toast.success('You will hear of your runs, imports and analyses when they end.');
    };
    return { isOn, toggle: () => void toggle() };
  }, [isOn]);
  const isResting = useConnectionState() === 'resting';
  return (
    <NotificationContext value={value}>
      {isOn && !isResting && <WorkWatcher />}
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
