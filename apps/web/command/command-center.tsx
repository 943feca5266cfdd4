'use client';
/** The button and the keys that open "Go to anything" and the sheet of keys. One for all pages. */
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { CommandPalette } from './command-palette.tsx';
import { ShortcutSheet, useIsMac } from './shortcut-sheet.tsx';
import { isTypedInto, nameKey } from './shortcuts.ts';

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
    return () => window.removeEventListener('keydown', press);
  }, []);
  const change = (which: Shown) => (open: boolean) => setShown(open ? which : null);
  return (
    <>
      <Button
        size="sm"
        className="mx-2 mb-2 justify-start font-normal text-muted-foreground lg:w-[calc(100%-1rem)]"
        aria-keyshortcuts={isMac ? 'Meta+K' : 'Control+K'}
        onClick={() => setShown('PALETTE')}
      >
        <Search aria-hidden />
        Go to anything
        <kbd className="ml-auto text-xs" aria-hidden>
          {nameKey('Mod', isMac)} K
        </kbd>
      </Button>
      <CommandPalette
        open={shown === 'PALETTE'}
        onOpenChange={change('PALETTE')}
        onShowShortcuts={() => setShown('SHORTCUTS')}
      />
      <ShortcutSheet open={shown === 'SHORTCUTS'} onOpenChange={change('SHORTCUTS')} />
    </>
  );
}

function readShortcut(event: KeyboardEvent): Shown {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  if ((ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === 'k') return 'PALETTE';
  if (key === '?' && !ctrlKey && !metaKey && !altKey && !isTypedInto(event.target)) return 'SHORTCUTS';
  return null;
}
