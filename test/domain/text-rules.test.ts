/** What people may type into names, tags, reasons and whatever else is kept. */
import { checkPerson, checkTags, checkText, TEXT_RULES, type TextKind } from '@microtome/domain/text-rules';
import { describe, expect, it, test } from 'vitest';

const KINDS = Object.keys(TEXT_RULES) as TextKind[];
/** One for each way to look like another text. */
const MISLEADING = [
  ['a line break', 'two\nlines', 'U+000A'],
  ['a line separator', 'two\u2028lines', 'U+2028'],
  ['a direction override', 'model \u202egpj.exe', 'U+202E'],
  ['a direction isolate', 'model \u2066gpj.exe', 'U+2066'],
  ['a direction mark', 'champion\u200f', 'U+200F'],
  ['a space that cannot be seen', 'champion\u200b', 'U+200B'],
  ['a joiner that joins nothing', 'cham\u200dpion', 'U+200D'],
  ['a variant of nothing', 'champion\ufe0f', 'U+FE0F'],
  ['a filler', 'champion\u3164', 'U+3164'],
] as const;

describe('a name', () => {
  it.each(MISLEADING)('with %s is refused, and the character named', (_what, name, character) => {
    const sentence = `holds the character ${character}, which breaks lines, turns the text around or cannot be seen.`;
    expect(() => checkText(name, 'experimentName')).toThrow(`The name of the experiment ${sentence}`);
    expect(() => checkTags([name])).toThrow(`The tag ${sentence}`);
  });

  it.each(['', ' ', '\n\t', '\u00a0', '\u2800', ' \u3000 '])('that is only blanks is refused: %j', (name) => {
    expect(() => checkText(name, 'runName')).toThrow('The name of the run is empty.');
  });

  it('in any script, with emoji and without blanks around it, is kept', () => {
    expect(checkText('  病理 می‌خواهم 👩‍🔬 ❤️ 1️⃣ «á»\n', 'runName')).toBe('病理 می‌خواهم 👩‍🔬 ❤️ 1️⃣ «á»');
  });

  it('that can be written in two ways is kept in one', () => {
    expect(checkText('cafe\u0301', 'runName')).toBe('caf\u00e9');
  });
});

describe('a reason', () => {
  it('may have lines, and nothing else that misleads', () => {
    expect(checkText('first\r\n\tsecond\n\nthird', 'reason')).toBe('first\r\n\tsecond\n\nthird');
    expect(() => checkText('a\u202eb', 'reason')).toThrow('The reason holds the character U+202E');
    expect(() => checkText('a\rb', 'reason')).toThrow('The reason holds the character U+000D');
  });
});

test('a person who is not named is unknown', () => {
  expect(checkPerson()).toBe('unknown');
  expect(() => checkPerson(' ')).toThrow('The name of a person is empty.');
});

test('tags are kept once each, and so many of them', () => {
  expect(checkTags(['a ', 'b', 'a'])).toEqual(['a', 'b']);
  const many = Array.from({ length: 51 }, (_, at) => `tag ${at}`);
  expect(() => checkTags(many)).toThrow('There are 51 tags: a run takes at most 50.');
});

describe.each(KINDS)('every kind of text, as %s', (kind) => {
  const { noun, maxLength } = TEXT_RULES[kind];
  it('refuses what no column can hold, and what is too long', () => {
    expect(() => checkText('a\0b', kind)).toThrow(`The ${noun} holds the character U+0000 at 1`);
    expect(() => checkText('a\ud83db', kind)).toThrow(`The ${noun} holds half of a character`);
    expect(checkText('x'.repeat(maxLength), kind)).toHaveLength(maxLength);
    expect(() => checkText('x'.repeat(maxLength + 1), kind)).toThrow(
      `The ${noun} has ${maxLength + 1} characters: at most ${maxLength} fit.`,
    );
  });

  it('refuses what misleads, but for lines where it has them and for what is not ours to choose', () => {
    for (const [what, text, character] of MISLEADING) {
      const rule: { noun: string; hasLines?: boolean; isGiven?: boolean } = TEXT_RULES[kind];
      if (rule.isGiven || (rule.hasLines && what === 'a line break'))
        expect(checkText(text, kind)).toBe(text);
      else expect(() => checkText(text, kind)).toThrow(`The ${noun} holds the character ${character}`);
    }
  });
});
