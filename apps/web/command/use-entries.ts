'use client';
/** The pages and acts of this account, as they stand on this page. */
import { Bell, Keyboard, LogOut, Moon, Sun, SunMoon } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { useTheme } from 'next-themes';
import { useAccountActs } from '../access/use-account-acts.ts';
import { useNotifications } from '../notifications/notification-provider.tsx';
import type { Entry } from './entry.ts';
import { listLinkedActs, listPageEntries } from './page-entries.ts';

const THEMES = [
  { theme: 'light', title: 'Light theme', icon: Sun },
  { theme: 'dark', title: 'Dark theme', icon: Moon },
  { theme: 'system', title: 'Theme of the system', icon: SunMoon },
] as const;

export function useEntries(onShowShortcuts: () => void): { pages: Entry[]; acts: Entry[] } {
  const pathname = usePathname();
  const { theme: current, setTheme } = useTheme();
  const { account, mayManage, signOut } = useAccountActs();
  const notifications = useNotifications();
  const shown = { pathname, hasAccount: account !== null, mayManage };
  const act = (title: string, icon: Entry['icon'], run: () => void, words = ''): Entry => ({
    key: `act ${title}`,
    title,
    about: 'Act',
    icon,
    words,
    does: { run },
  });
  return {
    pages: listPageEntries(shown),
    acts: [
      ...listLinkedActs(shown),
      ...THEMES.filter(({ theme }) => theme !== current).map(({ theme, title, icon }) =>
        act(title, icon, () => setTheme(theme), 'switch mode colour'),
      ),
      act(
        notifications.isOn ? 'Stop telling me when my work ends' : 'Tell me when my work ends',
        Bell,
        notifications.toggle,
        'notifications notify alert',
      ),
      act('Show the keys', Keyboard, onShowShortcuts, 'keyboard shortcuts help ?'),
      ...(account ? [act('Sign out', LogOut, () => void signOut(), 'leave log out')] : []),
    ],
  };
}
