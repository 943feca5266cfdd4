import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { splitFormSchema } from '../../../apps/web/app/splits/split-form.ts';
import { describeIssue } from '../../../apps/web/form/own-words.ts';

type Issue = Parameters<typeof describeIssue>[0];

/** The server's settings, the words themselves, and the module by which forms take them. */
const NOT_FORMS = ['env.ts', 'form/checked-values.ts', 'form/own-words.ts'];

describe('what a form says of a value', () => {
  it.each([
    [{ code: 'invalid_type', expected: 'number', input: Number.NaN }, 'A number.'],
    [{ code: 'invalid_type', expected: 'int', input: 1.5 }, 'A whole number.'],
    [{ code: 'invalid_type', expected: 'string', input: undefined }, 'Fill this in.'],
    [{ code: 'invalid_type', expected: 'string', input: 7 }, 'It is written in another way.'],
    [{ code: 'too_small', origin: 'number', minimum: 3 }, 'At least 3.'],
    [{ code: 'too_small', origin: 'string', minimum: 1 }, 'Fill this in.'],
    [{ code: 'too_small', origin: 'string', minimum: 8 }, 'At least 8 signs.'],
    [{ code: 'too_small', origin: 'array', minimum: 1 }, 'Choose one at least.'],
    [{ code: 'too_big', origin: 'number', maximum: 1000 }, 'At most 1,000.'],
    [{ code: 'too_big', origin: 'string', maximum: 2 }, 'At most 2 signs.'],
    [{ code: 'invalid_value', values: ['a', 'b'] }, 'One of a, b.'],
    [{ code: 'not_multiple_of', divisor: 5 }, 'A multiple of 5.'],
    [{ code: 'invalid_format', format: 'url' }, 'A whole address, with https:// before it.'],
    [{ code: 'custom' }, undefined],
  ])('%j', (issue, words) => expect(describeIssue(issue as Issue)).toBe(words));

  const draft = { datasetId: 'x', strategy: 'K_FOLD', seed: 1, trainPercent: 60, validationPercent: 20 };
  const say = (typed: object, how: object = { error: describeIssue }) => {
    const form = { ...draft, folds: 5, testSites: [], name: '', ...typed };
    return splitFormSchema.safeParse(form, how).error?.issues[0]?.message;
  };

  it('leaves a form its own words, and has words where it has none', () => {
    expect(say({ trainPercent: 0 })).toBe('At least 1 %.');
    expect(say({ seed: 'one' })).toBe('A number.');
    expect(say({})).toBeUndefined();
  });

  it('is what every form is given: what takes the library takes its words too', () => {
    const root = 'apps/web';
    const takers = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !/(^|\/)(node_modules|\.next)\//.test(name))
      .map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }))
      .filter(({ text }) => /from 'zod(\/|')/.test(text));
    const wordless = takers.filter(({ text }) => !/^import '.*\/checked-values\.ts';$/m.test(text));
    expect(takers.length).toBeGreaterThan(5);
    expect(wordless.map(({ name }) => name).sort()).toEqual(NOT_FORMS);
    expect(say({ seed: 'one' }, {})).toBe('A number.');
  });
});
