/** What "Go to anything" lists: a place to go or an act to do, and which of them a typed text means. Pure. */
import type { LucideIcon } from 'lucide-react';

export type Entry = {
  key: string;
  title: string;
  /** What it is, or what it belongs to. */
  about: string;
  icon: LucideIcon;
  /** Other words by which it is looked for. */
  words?: string;
  does: { href: string } | { run: () => void };
};

const ENTRIES_MAX = 6;

/** All when nothing is typed; else those that have every word, names that begin so first. */
export function matchEntries(entries: readonly Entry[], typed: string): Entry[] {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...entries];
  const rank = ({ title }: Entry) => (title.toLowerCase().startsWith(words.join(' ')) ? 0 : 1);
  return entries
    .filter((entry) => {
      const text = `${entry.title} ${entry.about} ${entry.words ?? ''}`.toLowerCase();
      return words.every((word) => text.split(/[\s,]+/).some((part) => part.startsWith(word)));
    })
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, ENTRIES_MAX);
}
