'use client';
/** The button and the keys that open "Go to anything" and the sheet of keys. One for all pages. */
import { Search } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { afterFirstSight } from '../ui/first-sight.ts';
import { isTypedInto, nameKey } from './keys.ts';
import { useIsMac } from './use-is-mac.ts';

// What a key opens is loaded when the page has nothing else to do, or when it is first opened.
const loadPalette = () => import('./command-palette.tsx');
const CommandPalette = lazy(() => loadPalette().then((module) => ({ default: module.CommandPalette })));
const ShortcutSheet = lazy(() =>
  import('./shortcut-sheet.tsx').then((module) => ({ default: module.ShortcutSheet })),
);

type Shown = 'PALETTE' | 'SHORTCUTS' | null;

export function CommandCenter() {
  const [shown, setShown] = useState<Shown>(null);
  const isMac = useIsMac();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const wanted = readShortcut(event);
      if (!wanted) return;
      event.preventDefault();
      setShown((before) => (before === wanted ? null : wanted));
    };
    window.addEventListener('keydown', press);
    // What is typed right after the key must find it there.
    const stopWaiting = afterFirstSight(() => void loadPalette());
    return () => {
      window.removeEventListener('keydown', press);
      stopWaiting();
    };
  }, []);
  const change = (which: Shown) => (open: boolean) => setShown(open ? which : null);
  return (
    <>
      <Button
        size="sm"
        className="mx-2 mb-2 justify-start font-normal text-muted-foreground lg:w-[calc(100%-1rem)]"
        aria-keyshortcuts={isMac ? 'Meta+K' : 'Control+K'}
        onPointerEnter={() => void loadPalette()}
        onClick={() => setShown('PALETTE')}
      >
        <Search aria-hidden />
        Go to anything
        <kbd className="ml-auto text-xs" aria-hidden>
          {nameKey('Mod', isMac)} K
        </kbd>
      </Button>
      <Suspense>
        {shown === 'PALETTE' && (
          <CommandPalette
            open
            onOpenChange={change('PALETTE')}
            onShowShortcuts={() => setShown('SHORTCUTS')}
          />
        )}
        {shown === 'SHORTCUTS' && <ShortcutSheet open onOpenChange={change('SHORTCUTS')} />}
      </Suspense>
    </>
  );
}

function readShortcut(event: KeyboardEvent): Shown {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  if ((ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === 'k') return 'PALETTE';
  if (key === '?' && !ctrlKey && !metaKey && !altKey && !isTypedInto(event.target)) return 'SHORTCUTS';
  return null;
}
