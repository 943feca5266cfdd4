/** What people may type into names, reasons and tags. */
import { checkName, checkReason, checkTags } from '@microtome/store/database/text-fields';
import { describe, expect, it } from 'vitest';

describe('a name', () => {
  it.each([
    ['a line break', 'two\nlines', 'U+000A'],
    ['a direction override', 'model \u202egpj.exe', 'U+202E'],
    ['a space that cannot be seen', 'champion\u200b', 'U+200B'],
    ['nothing', 'a\u0000b', 'U+0000'],
    ['half a character', 'a\ud83db', 'U+D83D'],
  ])('with %s is refused, and the character named', (_what, name, character) => {
    expect(() => checkName(name)).toThrow(
      `The name holds the character ${character}, which breaks lines, turns the text around or cannot be seen.`,
    );
    expect(() => checkTags([name])).toThrow(`The tag holds the character ${character}`);
  });

  it('in any script, with emoji and without blanks around it, is kept', () => {
    expect(checkName('  病理 می‌خواهم 👩‍🔬 «á»\n')).toBe('病理 می‌خواهم 👩‍🔬 «á»');
  });
});

describe('a reason', () => {
  it('may have lines, and nothing else that misleads', () => {
    expect(checkReason('first\r\n\tsecond\n\nthird')).toBe('first\r\n\tsecond\n\nthird');
    expect(() => checkReason('a\u202eb')).toThrow('The reason holds the character U+202E');
    expect(() => checkReason('a\u0000b')).toThrow('U+0000');
  });
});
