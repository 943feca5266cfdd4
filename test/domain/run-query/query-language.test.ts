/** The line of text about runs: what it says as data, that printing and parsing undo each other, and how it refuses. */

import { parseRunField, parseRunQuery, parseRunSort } from '@microtome/domain/run-query/parse-query';
import { printRunField, printRunQuery } from '@microtome/domain/run-query/print-query';
import { QueryError } from '@microtome/domain/run-query/query-error';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeAt } from './complete-at.ts';
import { runFields, runFilters } from './run-filters.ts';

const column = (name: string) => ({ kind: 'COLUMN', name });
const figure = (subset: string, name: string, end = 'VALUE') => ({ kind: 'FIGURE', subset, name, end });
const compare = (field: object, operator: string, value: unknown) => ({
  kind: 'COMPARE',
  field,
  operator,
  value: { kind: 'LITERAL', value },
});

describe('a line about runs', () => {
  it.each([
    ['status = failed', compare(column('status'), '=', 'FAILED')],
    ['lr < 1e-3', compare({ kind: 'HYPERPARAMETER', name: 'learningRate' }, '<', 0.001)],
    ['test.auc > 0.9', compare(figure('TEST', 'auc'), '>', 0.9)],
    ['LOW(Test.AUC) >= .5', compare(figure('TEST', 'auc', 'LOW'), '>=', 0.5)],
    ['any(validation.auc) > 0.9', compare({ kind: 'SERIES', name: 'validation.auc', pick: 'ANY' }, '>', 0.9)],
    ['at("my loss", 5) = 1', compare({ kind: 'SERIES', name: 'my loss', pick: { epoch: 5 } }, '=', 1)],
    ['at(train.loss, best) < 1', compare({ kind: 'SERIES', name: 'train.loss', pick: 'AT_BEST' }, '<', 1)],
    ['param("opt.name") = "0.1"', compare({ kind: 'HYPERPARAMETER', name: 'opt.name' }, '=', '0.1')],
    ['augmentFlips = no', compare({ kind: 'HYPERPARAMETER', name: 'augmentFlips' }, '=', false)],
    ['duration > 90m', compare(column('duration'), '>', 5400)],
    ['archived', compare(column('archived'), '=', true)],
    ['tag(person) = ada', compare({ kind: 'TAG', key: 'person' }, '=', 'ada')],
    ["name = 'it''s'", null],
    ['patient "10 253" in train', { kind: 'PATIENT', key: '10 253', subset: 'TRAIN' }],
    ['tags has a', { kind: 'TAGS', quantifier: 'ALL', tags: ['a'] }],
    ['tags has none (person:ada, b)', { kind: 'TAGS', quantifier: 'NONE', tags: ['person:ada', 'b'] }],
    [
      'name not in (a, "b c")',
      { kind: 'NOT', filter: { kind: 'IN', field: column('name'), values: ['a', 'b c'] } },
    ],
    ['error is not empty', { kind: 'NOT', filter: { kind: 'EMPTY', field: column('error') } }],
    [
      'finishedAt >= -7d',
      {
        kind: 'COMPARE',
        field: column('finishedAt'),
        operator: '>=',
        value: { kind: 'AGO', seconds: 604_800 },
      },
    ],
    [
      'created < 2026-11-21T08:30+01:00',
      {
        kind: 'COMPARE',
        field: column('createdAt'),
        operator: '<',
        value: { kind: 'TIME', at: '2026-11-21T07:30:00.000Z' },
      },
    ],
    [
      'test.auc > champion("IDC", high(test.auc))',
      {
        kind: 'COMPARE',
        field: figure('TEST', 'auc'),
        operator: '>',
        value: { kind: 'CHAMPION', model: 'IDC', figure: figure('TEST', 'auc', 'HIGH') },
      },
    ],
  ])('%s', (line, expected) => {
    if (expected === null) expect(() => parseRunQuery(line)).toThrow(QueryError);
    else expect(parseRunQuery(line)).toEqual(expected);
  });

  it('binds not before and, and and before or', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => compare(column('architecture'), '=', name));
    const line = 'not architecture = a and architecture = b or architecture = c';
    expect(parseRunQuery(line)).toEqual({
      kind: 'OR',
      filters: [{ kind: 'AND', filters: [{ kind: 'NOT', filter: a }, b] }, c],
    });
    expect(parseRunQuery('  ')).toBeNull();
  });

  it.each([
    ['architecture = deep and foo > 1', /^Column 25: 'foo' is no field of runs/],
    [
      'validation.loss < 1',
      /^Column 1: 'validation.loss' is no figure of an evaluation: .*last\(validation.loss\)/,
    ],
    ['status = done', /^Column 10: there is 'done' where one of QUEUED, RUNNING/],
    ['lr <', /^Column 5: the line ends where a value is expected/],
    ['test.auc > high', /^Column 12: there is 'high' where a number is expected/],
    ['name = "abc', /^Column 8: the text that begins here has no closing "/],
    ['(lr < 1', /^Column 8: "and", "or" or a closing bracket is missing where the line ends/],
    ['lr < 1 lr > 2', /^Column 8: "and" or "or" is missing before 'lr'/],
    ['name > a', /^Column 6: this field has no size/],
    ['createdAt = 2026-01-01', /^Column 11: a time is compared by/],
    ['createdAt > 2026-13-01', /^Column 13: there is '2026-13-01' where a time such as/],
    ['lr < 1e999', /^Column 6: 1e999 is too large for a number/],
    ['patient x in SIDE', /^Column 14: one of TRAIN, VALIDATION, TEST is missing/],
    ['lr ; 1', /^Column 4: the character ; has no meaning here/],
    ['count(lr) > 1', /^Column 1: 'count' is nothing that takes brackets/],
    ['not '.repeat(50), /^Column \d+: more than 40 levels stand/],
  ])('refuses %s', (line, message) => {
    expect(() => parseRunQuery(line)).toThrow(message);
  });

  it.each([
    ['tag = a', "'tag' is no field of runs: did you mean tags? A hyperparameter"],
    ['learning < 1', 'did you mean learningRate'],
    ['learning_rate < 1', 'did you mean learningRate?'],
    ['auc > 0.9', 'did you mean validation.auc or test.auc?'],
    ['colour = 1', "'colour' is no field of runs: a hyperparameter"],
    ['x = 1', "'x' is no field of runs: a hyperparameter"],
  ])('says of %s what may be meant', (line, message) => {
    expect(() => parseRunQuery(line)).toThrow(message);
  });

  it('is the same after it was printed and parsed', () => {
    fc.assert(
      fc.property(runFilters, (filter) => {
        expect(parseRunQuery(printRunQuery(filter))).toEqual(filter);
      }),
      { numRuns: 1_000 },
    );
  });

  it('names each field as it is parsed', () => {
    fc.assert(
      fc.property(runFields, (field) => {
        expect(parseRunField(printRunField(field))).toEqual(field);
      }),
    );
  });

  it('throws nothing but its own error, with a place within the line', () => {
    const words = fc.constantFrom(
      ...'and or not ( ) , = != < ~ in like is empty has all test.auc lr best( at( status archived tags patient TRAIN "x" 1e-3 -7d 2026-01-01 champion(M, now'.split(
        ' ',
      ),
    );
    const lines = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(words, { maxLength: 14 }).map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(lines, (line) => {
        for (const read of [parseRunQuery, parseRunSort]) {
          try {
            read(line);
          } catch (error) {
            expect(error).toBeInstanceOf(QueryError);
            const { from, to } = (error as QueryError).range;
            expect(from).toBeGreaterThanOrEqual(0);
            expect(to).toBeLessThanOrEqual(line.length);
          }
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('a line of sort keys', () => {
  it('rises unless it says otherwise', () => {
    expect(parseRunSort('test.auc desc, createdAt, best(validation.auc) asc')).toEqual([
      { field: figure('TEST', 'auc'), direction: 'DESC' },
      { field: column('createdAt'), direction: 'ASC' },
      { field: { kind: 'SERIES', name: 'validation.auc', pick: 'BEST' }, direction: 'ASC' },
    ]);
    expect(parseRunSort('')).toEqual([]);
  });

  it.each([
    ['tags', /^Column 1: runs have no order by this field/],
    ['lr desc,', /^Column 9: the name of a field is missing where the line ends/],
    ['lr seed', /^Column 4: , is missing before 'seed'/],
  ])('refuses %s', (line, message) => {
    expect(() => parseRunSort(line)).toThrow(message);
  });
});

describe('completion', () => {
  it.each([
    ['arch|', 'arch', ['architecture', 'archived']],
    ['status = f|', 'f', ['FAILED']],
    ['status |', '', ['=', '!=']],
    ['lr < 0.1 a|', 'a', ['and']],
    ['patient x in |', '', ['TRAIN', 'VALIDATION', 'TEST']],
    ['name = x and (test.au| or', 'test.au', ['test.auc']],
    ['augmentFlips = |', '', ['true', 'false']],
  ])('at %s', (marked, typed, texts) => {
    const gap = completeAt(marked);
    expect(gap?.typed).toBe(typed);
    expect(gap?.known.map(({ text }) => text)).toEqual(expect.arrayContaining(texts));
  });

  it('says what kind of name is typed within quotation marks', () => {
    expect(completeAt('experiment = "Shallow o|')).toMatchObject({
      typed: 'Shallow o',
      range: { from: 13, to: 23 },
      expected: { kind: 'VALUE', field: column('experiment') },
    });
    expect(completeAt('last(|')?.expected).toEqual({ kind: 'SERIES' });
    expect(completeAt('patient 1|')?.expected).toEqual({ kind: 'PATIENT' });
  });

  it('says nothing behind what is wrong, and never throws', () => {
    expect(completeAt('foo > 1 and |')).toBeNull();
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.nat(60), (line, at) => {
        completeAt(`${line.slice(0, at).replaceAll('|', '')}|`);
      }),
    );
  });
});
