/** Every pair of the class names that the dashboard has becomes what the library that knows all of Tailwind makes of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { twMerge } from 'tailwind-merge';
import { describe, expect, it } from 'vitest';
import { mergeClasses } from '../../../apps/web/ui/merge-classes.ts';

const ROOT = 'apps/web';

/** The words of all texts in the sources, one for each that differs from others in its number alone. */
function listWords(): string[] {
  const words = new Map<string, string>();
  for (const name of readdirSync(ROOT, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(name) || /(^|\/)(node_modules|\.next|generated)\//.test(name)) continue;
    // A table of beginnings, and words of another language.
    if (name.endsWith('merge-classes.ts') || name.endsWith('content-policy.ts')) continue;
    for (const [, text = ''] of readFileSync(join(ROOT, name), 'utf8').matchAll(/['"`]([^'"`\n]*)['"`]/g)) {
      for (const word of text.split(/\s+/)) {
        if (/^-?[a-z[][\w[\]:/.%&>~()=,*#+-]*$/.test(word)) words.set(word.replace(/[\d.]+/g, '1'), word);
      }
    }
  }
  return [...words.values()];
}

/** "hover:" and such: under different ones no two contradict each other, as below. */
function readCondition(word: string): string {
  return word.slice(0, word.lastIndexOf(':') + 1);
}

function isKnownToLibrary(word: string): boolean {
  return twMerge(`${word} ${word}`) === word;
}

describe('class names that contradict each other', () => {
  it('are settled as the library settles them, for all that the dashboard has', () => {
    const names = listWords().filter(isKnownToLibrary);
    expect(names.length).toBeGreaterThan(300);
    const wrong: string[] = [];
    for (const first of names) {
      for (const second of names) {
        if (readCondition(first) !== readCondition(second)) continue;
        const pair = `${first} ${second}`;
        if (mergeClasses(pair) !== twMerge(pair)) wrong.push(pair);
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    ['px-2 p-4', 'p-4'],
    ['p-4 px-2', 'p-4 px-2'],
    ['hover:px-2 p-4', 'hover:px-2 p-4'],
    ['p-4 lg:p-2 hover:p-2 hover:p-1', 'p-4 lg:p-2 hover:p-1'],
    ['[&_svg]:size-4 [&_svg]:size-6', '[&_svg]:size-6'],
    ['text-sm text-danger text-xs', 'text-danger text-xs'],
    ['-mb-px mb-2', 'mb-2'],
    ['nothing-known other nothing-known', 'other nothing-known'],
    ['', ''],
  ])('%s', (before, after) => expect(mergeClasses(before)).toBe(after));
});
