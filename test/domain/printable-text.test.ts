/** What a name may not hold, and how it is shown where it holds it all the same. */
import { escapeUnprintable, findUnprintable } from '@microtome/domain/printable-text';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test.each([
  ['a line break', 'a\nb', 'U+000A', 'a\\u000ab'],
  ['a line separator', 'a\u2028b', 'U+2028', 'a\\u2028b'],
  ['a direction override', 'a\u202eb', 'U+202E', 'a\\u202eb'],
  ['a direction isolate', 'a\u2066b', 'U+2066', 'a\\u2066b'],
  ['a space of no width', 'a\u200bb', 'U+200B', 'a\\u200bb'],
  ['the escape of a terminal', 'a\u001b[31m', 'U+001B', 'a\\u001b[31m'],
  ['nothing', 'a\u0000', 'U+0000', 'a\\u0000'],
  ['half a character', 'a\ud800', 'U+D800', 'a\\ud800'],
  ['a joiner between Latin letters', 'a\u200db', 'U+200D', 'a\\u200db'],
  ['a joiner at the end', '👩\u200d', 'U+200D', '👩\\u200d'],
  ['a variant of a letter', 'a\ufe0f', 'U+FE0F', 'a\\ufe0f'],
  ['a filler', 'a\u3164', 'U+3164', 'a\\u3164'],
  ['a soft hyphen', 'a\u00adb', 'U+00AD', 'a\\u00adb'],
  ['a tag that cannot be seen', 'a\u{e0041}', 'U+E0041', 'a\\u{e0041}'],
])('%s is found and written out', (_what, text, found, shown) => {
  expect(findUnprintable(text)).toBe(found);
  expect(escapeUnprintable(text)).toBe(shown);
});

test.each([
  '101/0/Ünïcode 🔬.png',
  '病理',
  'می‌خواهم',
  '👩‍🔬',
  '👩🏽‍🔬 ❤️ 1️⃣ 🏳️‍🌈',
  'क्‍ष',
  '葛\u{e0100}',
  'a "b" \\ c',
])('%j is what it looks like', (text) => {
  expect(findUnprintable(text)).toBeNull();
  expect(escapeUnprintable(text)).toBe(text);
});

test('a text that was written out holds none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(findUnprintable(escapeUnprintable(text))).toBeNull();
    }),
  );
});
