'use client';
/** Go to anything, do anything: a line, and under it pages, acts, and what the server finds among the names of all nouns. */
import { useRouter } from 'next/navigation';
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { Input } from '../ui/field.tsx';
import { CommandList, type EntryGroup } from './command-list.tsx';
import { type Entry, matchEntries } from './entry.ts';
import { entryOfRunSearch } from './page-entries.ts';
import { useEntries } from './use-entries.ts';
import { useFoundRecords } from './use-found-records.ts';

type CommandPaletteProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onShowShortcuts: () => void;
};

export function CommandPalette({ open, onOpenChange, onShowShortcuts }: CommandPaletteProps) {
  return (
    <Dialog
      title="Go to anything"
      open={open}
      onOpenChange={onOpenChange}
      className="top-[10vh] max-w-xl translate-y-0 [&>div]:p-0"
    >
      <CommandLine onClose={() => onOpenChange(false)} onShowShortcuts={onShowShortcuts} />
    </Dialog>
  );
}

type CommandLineProps = { onClose: () => void; onShowShortcuts: () => void };

function CommandLine({ onClose, onShowShortcuts }: CommandLineProps) {
  const id = useId();
  const router = useRouter();
  const line = useFirstFocus();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const { pages, acts } = useEntries(onShowShortcuts);
  const found = useFoundRecords(typed);
  const groups = listGroups({ typed, pages, acts, found: found.entries });
  const all = groups.flatMap(({ entries }) => entries);
  const marked = Math.min(chosen, all.length - 1);

  function take(entry: Entry, inNewTab: boolean) {
    onClose();
    if ('run' in entry.does) entry.does.run();
    else if (inNewTab) window.open(entry.does.href, '_blank', 'noopener');
    else router.push(entry.does.href);
  }
  function press(event: KeyboardEvent<HTMLInputElement>) {
    if (event.nativeEvent.isComposing) return;
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const entry = all[marked];
    if (by !== 0 && all.length > 0) setChosen((marked + by + all.length) % all.length);
    else if (event.key === 'Enter' && entry) take(entry, event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  }
  return (
    <>
      <div className="border-b border-line p-3">
        <Input
          ref={line}
          role="combobox"
          aria-label="Search runs, data, models, pages and acts"
          aria-expanded={all.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={marked < 0 ? undefined : `${id}-${marked}`}
          autoComplete="off"
          spellCheck={false}
          placeholder="A run, a dataset, a page, an act…"
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value);
            setChosen(0);
          }}
          onKeyDown={press}
        />
      </div>
      <CommandList id={id} groups={groups} marked={marked} onTake={take} />
      <p
        role={found.refusal ? 'alert' : 'status'}
        className="border-t border-line px-4 py-2 text-xs text-muted-foreground"
      >
        {found.refusal ?? (found.isSearching ? 'Searching…' : describeCount(typed, all.length))}
      </p>
    </>
  );
}

/** Before the window gives the focus to its first button. */
function useFirstFocus() {
  const line = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => line.current?.focus(), []);
  return line;
}

type Listed = { typed: string; pages: Entry[]; acts: Entry[]; found: Entry[] };

/** What is known at once comes first, so that nothing moves under a key when the server's answer arrives. */
function listGroups({ typed, pages, acts, found }: Listed): EntryGroup[] {
  const text = typed.trim();
  return [
    { title: 'Do', entries: matchEntries(acts, typed) },
    { title: 'Pages', entries: matchEntries(pages, typed) },
    { title: 'Found', entries: found },
    { title: 'More', entries: text === '' ? [] : [entryOfRunSearch(text)] },
  ].filter(({ entries }) => entries.length > 0);
}

function describeCount(typed: string, count: number): string {
  if (typed.trim() === '') return 'Type to search everything that you may see.';
  return count === 1 ? '1 choice' : `${count} choices`;
}
