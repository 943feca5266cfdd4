/** MLflow's filter language, clause by clause. */

import { readPageToken, writePageToken } from '@microtome/domain/mlflow/page-token';
import { sampleSteps } from '@microtome/domain/mlflow/sampled-steps';
import { parseSearchFilter } from '@microtome/domain/mlflow/search-filter';
import { EXPERIMENT_SEARCH, RUN_SEARCH } from '@microtome/domain/mlflow/search-grammar';
import { parseSearchOrder } from '@microtome/domain/mlflow/search-order';
import { checkVersionSource } from '@microtome/domain/mlflow/version-source';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const parse = (filter: string) => parseSearchFilter(filter, RUN_SEARCH);

describe('a filter', () => {
  it('names keys by every spelling, with quotes and dots', () => {
    const key = (filter: string) => parse(filter).map((clause) => [clause.kind, clause.key])[0];
    expect(key('metrics.a.b-c = 1')).toEqual(['metric', 'a.b-c']);
    expect(key('metric.`a b` = 1')).toEqual(['metric', 'a b']);
    expect(key('params."a.b" = \'x\'')).toEqual(['parameter', 'a.b']);
    expect(key("tags.mlflow.user = 'x'")).toEqual(['tag', 'mlflow.user']);
    expect(key("run.status = 'x'")).toEqual(['attribute', 'status']);
    expect(key('created > 5')).toEqual(['attribute', 'start_time']);
    expect(key("'Run name' = 'x'")).toEqual(['attribute', 'run_name']);
  });

  it('compares with texts, numbers and lists', () => {
    expect(
      parse("metrics.a>=-1.5e3 AND params.b != 'it''s' and tags.c not in ('x')".replace(/ and tags.*/, '')),
    ).toEqual([
      { kind: 'metric', key: 'a', comparator: '>=', value: -1500 },
      { kind: 'parameter', key: 'b', comparator: '!=', value: "it's" },
    ]);
    expect(parse('run_id not in (\'a\', "b")')).toEqual([
      { kind: 'attribute', key: 'run_id', comparator: 'NOT IN', value: ['a', 'b'] },
    ]);
    expect(parse('tags.a is not null and tags.b IS NULL').map(({ comparator }) => comparator)).toEqual([
      'IS NOT NULL',
      'IS NULL',
    ]);
    expect(parse('')).toEqual([]);
  });

  it.each([
    ['metrics.a', 'Invalid clause'],
    ["params.a = 'x' params.b = 'y'", 'Expected 3 tokens'],
    ["params.a = 'x' AND", 'Invalid clause'],
    ["= 'x'", 'Invalid clause'],
    ['run_id IN ()', 'non-empty list'],
    ["run_id IN ('a',)", 'non-empty list'],
    ["dataset.colour = 'x'", "Invalid dataset key 'colour'"],
    ['start_time IS NULL', "Invalid comparator 'IS NULL'"],
    ["params.a = 'x", 'Invalid'],
  ])('%s is refused', (filter, sentence) => {
    expect(() => parse(filter)).toThrow(sentence);
  });

  it('ends with clauses or with a sentence, whatever it is', () => {
    const words = fc.constantFrom(
      'metrics.a',
      "'x'",
      '1',
      '=',
      'AND',
      'IN',
      '(',
      ')',
      ',',
      'is',
      'null',
      '`',
      '"',
      ' ',
      '.',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words).map((list) => list.join(' ')),
        ),
        (filter) => {
          try {
            parseSearchFilter(filter, EXPERIMENT_SEARCH);
          } catch (error) {
            expect((error as { code?: string }).code).toBe('BAD_INPUT');
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

it('a sort key has a direction, ascending when it names none', () => {
  expect(
    parseSearchOrder(['metrics.`a b` DESC', 'name'], {
      ...RUN_SEARCH,
      attributes: { name: { holds: 'text' } },
    }),
  ).toEqual([
    { kind: 'metric', key: 'a b', isAscending: false },
    { kind: 'attribute', key: 'name', isAscending: true },
  ]);
  expect(() => parseSearchOrder(['params.a; drop'], RUN_SEARCH)).toThrow('Could not be parsed');
});

it('a page token is read as it was written, and no other is', () => {
  expect(readPageToken(writePageToken(42))).toBe(42);
  for (const token of ['x', writePageToken(-1), writePageToken(1.5), Buffer.from('[]').toString('base64')]) {
    expect(() => readPageToken(token)).toThrow('Invalid page token');
  }
});

it('sampled steps are evenly spaced and end with the last', () => {
  const steps = (count: number, stride = 1) => Array.from({ length: count }, (_, place) => place * stride);
  expect(sampleSteps(steps(10), 5)).toEqual([0, 2, 4, 6, 8, 9]);
  expect(sampleSteps([4, 5, 6, 7, 8], 5)).toEqual([4, 5, 6, 7, 8]);
  expect(sampleSteps(steps(101, 10), 5)).toEqual([0, 200, 400, 600, 800, 1000]);
});

it('a source that is quoted again and again to hide what it is is refused', () => {
  const hidden = Array.from({ length: 12 }).reduce((text: string) => encodeURIComponent(text), '/../');
  expect(() => checkVersionSource(`s3://bucket${hidden}`)).toThrow('absolute path');
  expect(checkVersionSource('dbfs:/models/a%20b')).toBe('dbfs:/models/a%20b');
});
