/** Keys from paths and tables are shown and stored: one that breaks lines or cannot be seen is no key. */
import { escapeUnprintable, findUnprintable } from '@microtome/domain/printable-text';
import type { PatchFacts } from '@microtome/domain/source/source-patch';
import type { Fault } from '../refusal.ts';

const KEYS = ['patient', 'slide', 'site', 'group', 'className'] as const;

/** Null where people can read all of them. */
export function findUnreadable(facts: PatchFacts): Fault | null {
  const key = KEYS.find((name) => facts[name] !== null && findUnprintable(facts[name]) !== null);
  if (!key) return null;
  const text = facts[key] ?? '';
  const what = key === 'className' ? 'class' : key;
  const reason = `Its ${what} is '${escapeUnprintable(text)}', and ${findUnprintable(text)} cannot be seen.`;
  return { code: 'NAME_UNPARSEABLE', reason };
}
