'use client';
/** Navigation, the state of the connection and the theme switch around every page. */
import { Menu as MenuIcon, Microscope, Moon, Sun, X } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { useTheme } from 'next-themes';
import { type ReactNode, useState, useSyncExternalStore } from 'react';
import { AccountMenu } from '../access/account-menu.tsx';
import { isCurrent, NAVIGATION } from '../address/navigation.ts';
import { CommandCenter } from '../command/command-center.tsx';
import { NotificationSwitch } from '../notifications/notification-switch.tsx';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { ConnectionBanner, ConnectionDot } from './connection-banner.tsx';
import { LaterLink } from './later-link.tsx';

export function AppShell({ children }: { children: ReactNode }) {
  const [menuOpen, setMenuOpen] = useState(false);
  return (
    <div className="min-h-screen lg:grid lg:grid-cols-[12.5rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-surface focus:p-2"
      >
        Skip to content
      </a>
      <aside className="sticky top-0 z-30 border-b border-line bg-surface lg:static lg:border-r lg:border-b-0">
        <div className="lg:sticky lg:top-0 lg:h-screen">
          <div className="flex h-13 items-center justify-between px-4 lg:h-14">
            <LaterLink href="/" className="flex items-center gap-2 text-lg font-semibold tracking-tight">
              <Microscope className="size-5 text-accent" aria-hidden />
              Microtome
            </LaterLink>
            <Button
              look="ghost"
              size="icon"
              className="lg:hidden"
              aria-expanded={menuOpen}
              aria-controls="navigation"
              aria-label={menuOpen ? 'Close menu' : 'Open menu'}
              onClick={() => setMenuOpen(!menuOpen)}
            >
              {menuOpen ? <X /> : <MenuIcon />}
            </Button>
          </div>
          <div id="navigation" className={classNames('lg:block', menuOpen ? 'block' : 'hidden')}>
            <CommandCenter />
            <Navigation onNavigate={() => setMenuOpen(false)} />
            <div className="flex items-center justify-between gap-2 border-t border-line px-4 py-2 lg:absolute lg:inset-x-0 lg:bottom-0">
              <ConnectionDot />
              <AccountMenu />
              <span className="flex shrink-0">
                <NotificationSwitch />
                <ThemeSwitch />
              </span>
            </div>
          </div>
        </div>
      </aside>
      <div className="min-w-0">
        <ConnectionBanner />
        <main id="content" className="mx-auto w-full max-w-[90rem] px-4 py-5 lg:px-7">
          {children}
        </main>
      </div>
    </div>
  );
}

function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const pathname = usePathname();
  return (
    <nav aria-label="Main" className="flex flex-col gap-px px-2 pb-2">
      {NAVIGATION.map(({ href, label, icon: Icon }) => {
        const current = isCurrent(href, pathname);
        return (
          <LaterLink
            key={href}
            href={href}
            onClick={onNavigate}
            aria-current={current ? 'page' : undefined}
            className={classNames(
              'flex items-center gap-2.5 rounded-md px-2.5 py-1.5 text-sm font-medium',
              current
                ? 'bg-accent-soft text-accent'
                : 'text-muted-foreground hover:bg-surface-muted hover:text-foreground',
            )}
          >
            <Icon className="size-4" aria-hidden />
            {label}
          </LaterLink>
        );
      })}
    </nav>
  );
}

/** Light or dark; drawn after mounting, because only the browser knows the theme. */
function ThemeSwitch() {
  const { resolvedTheme, setTheme } = useTheme();
  const mounted = useSyncExternalStore(
    subscribeNever,
    () => true,
    () => false,
  );
  const dark = mounted && resolvedTheme === 'dark';
  return (
    <Button
      look="ghost"
      size="icon"
      aria-label={dark ? 'Switch to light theme' : 'Switch to dark theme'}
      onClick={() => setTheme(dark ? 'light' : 'dark')}
    >
      {dark ? <Sun /> : <Moon />}
    </Button>
  );
}

function subscribeNever(): () => void {
  return () => undefined;
}
