import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { config } from 'zod/v4/core';
import { splitFormSchema } from '../../../apps/web/app/splits/split-form.ts';
import { describeIssue } from '../../../apps/web/form/own-words.ts';

describe('what a form says of a value', () => {
  beforeAll(() => void config({ customError: describeIssue }));
  afterAll(() => void config({ customError: undefined }));

  const say = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error?.issues[0]?.message;

  it.each([
    ['a number', z.coerce.number(), 'abc', 'A number.'],
    ['a number that is none', z.number(), Number.NaN, 'A number.'],
    ['a whole number', z.int(), 1.5, 'A whole number.'],
    ['a least number', z.number().min(3), 1, 'At least 3.'],
    ['a greatest number', z.number().max(1000), 2000, 'At most 1,000.'],
    ['a text', z.string().min(1), '', 'Fill this in.'],
    ['a longer text', z.string().min(8), 'x', 'At least 8 signs.'],
    ['a shorter text', z.string().max(2), 'abc', 'At most 2 signs.'],
    ['what is missing', z.string(), undefined, 'Fill this in.'],
    ['one of several', z.enum(['a', 'b']), 'c', 'One of a, b.'],
    ['several', z.array(z.string()).min(1), [], 'Choose one at least.'],
    ['a multiple', z.number().multipleOf(5), 3, 'A multiple of 5.'],
    ['an address', z.url(), 'x', 'A whole address, with https:// before it.'],
  ])('%s', (_, schema, value, words) => expect(say(schema, value)).toBe(words));

  it('leaves a form its own words, and has words where it has none', () => {
    expect(say(z.number().min(1, 'At least 1 %.'), 0)).toBe('At least 1 %.');
    const draft = {
      datasetId: 'x',
      strategy: 'K_FOLD',
      seed: 'one',
      trainPercent: 60,
      validationPercent: 20,
    };
    expect(say(splitFormSchema, { ...draft, folds: 5, testSites: [], name: '' })).toBe('A number.');
  });

  it('is what every page is given', () => {
    const client = readFileSync('apps/web/instrumentation-client.ts', 'utf8');
    expect(client).toContain('customError: describeIssue');
    // Of one copy of the library: another one would not hear of it.
    expect(readdirSync(join('apps/web', 'node_modules')).includes('zod')).toBe(false);
  });
});
