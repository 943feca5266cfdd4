/** The columns, the order and the selection of the run table: what the address says of them, and what each act makes of it. */
import { parseRunField, parseRunQuery, parseRunSort } from '@microtome/domain/run-query/parse-query';
import { printRunField } from '@microtome/domain/run-query/print-query';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FIRST_COLUMNS,
  pinThrough,
  placeColumn,
  readLayout,
  removeColumn,
  resizeColumn,
  writeLayout,
} from '../../apps/web/app/runs/columns/column-layout.ts';
import { addCondition, listConditions } from '../../apps/web/app/runs/columns/condition-line.ts';
import { listChoices } from '../../apps/web/app/runs/columns/list-choices.ts';
import { readSort, turnSort, writeSort } from '../../apps/web/app/runs/columns/sort-line.ts';
import { EMPTY_SEARCH } from '../../apps/web/app/runs/run-search.ts';
import { keyLines } from '../../apps/web/app/runs/table/line-keys.ts';
import {
  countChosen,
  isSelected,
  NOTHING_CHOSEN,
  toggleRun,
} from '../../apps/web/app/runs/table/run-choice.ts';
import {
  findMeantView,
  isViewChanged,
  readViewAddress,
  writeViewAddress,
} from '../../apps/web/app/runs/views/view-address.ts';
import type { RunFieldType } from '../../apps/web/graphql/generated/graphql.ts';

const NOTHING = { columns: null, pinned: null, widths: null };

describe('the columns', () => {
  const first = readLayout(NOTHING);

  it('are the first ones where the address names none, and are not written then', () => {
    expect(first.columns).toEqual(FIRST_COLUMNS);
    expect(writeLayout(first)).toEqual(NOTHING);
    expect(readLayout({ columns: ['', ''], pinned: -3, widths: ['name', 'x:1', 'y:9999'] })).toMatchObject({
      columns: FIRST_COLUMNS,
      pinned: 0,
      widths: new Map(),
    });
  });

  it('are moved, added, hidden, widened and pinned, and read again as they were written', () => {
    let layout = placeColumn(first, 'best(train.loss)');
    layout = placeColumn(layout, 'best(train.loss)', 1);
    layout = resizeColumn(removeColumn(layout, 'split'), 'best(train.loss)', 150.4);
    layout = pinThrough(layout, 'best(train.loss)');
    expect(layout.columns.slice(0, 3)).toEqual(['name', 'best(train.loss)', 'status']);
    expect(layout.columns).not.toContain('split');
    expect(layout.pinned).toBe(2);
    expect(readLayout(writeLayout(layout))).toEqual(layout);
    expect(pinThrough(layout, 'best(train.loss)').pinned).toBe(0);
    expect(removeColumn(layout, 'name').pinned).toBe(1);
    expect(removeColumn({ ...layout, columns: ['name'] }, 'name').columns).toEqual(['name']);
  });

  it('are found by the words of a search, names before what is said of them', () => {
    const fields = ['train.loss', 'best(train.loss)', 'lr'].map((name) => ({
      name,
      about: name === 'lr' ? 'loss' : '',
    }));
    const { fields: found, others } = listChoices(fields, { typed: 'LOSS train', most: 1 });
    expect(found.map(({ name }) => name)).toEqual(['train.loss']);
    expect(others).toBe(1);
    expect(listChoices(fields, { typed: 'loss', most: 9 }).fields.at(-1)?.name).toBe('lr');
  });
});

describe('the order', () => {
  const usual = { order: 'CREATED_AT', direction: 'DESC', sort: '' } as const;

  it('is read from old links, and from a line with brackets and quotation marks', () => {
    expect(readSort({ ...usual, order: 'VALIDATION_AUC', direction: 'ASC' })).toEqual([
      { field: 'best(validation.auc)', direction: 'ASC' },
    ]);
    const sort = 'at(train.loss, 5) desc, param("a, (b\\"") , name asc';
    expect(readSort({ ...usual, sort })).toEqual([
      { field: 'at(train.loss, 5)', direction: 'DESC' },
      { field: 'param("a, (b\\"")', direction: 'ASC' },
      { field: 'name', direction: 'ASC' },
    ]);
  });

  it('is read by the server as by the page', () => {
    const names = fc.array(
      fc.oneof(
        fc.constantFrom('name', 'at(train.loss, 5)', 'low(test.auc)', 'lr'),
        fc.string({ minLength: 1 }).map((name) => printRunField({ kind: 'HYPERPARAMETER', name })),
      ),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(names, (fields) => {
        const keys = fields.map((field) => ({ field, direction: 'ASC' as const }));
        const written = writeSort(keys);
        expect(readSort(written)).toEqual(keys);
        expect(parseRunSort(written.sort).map(({ field }) => field)).toEqual(fields.map(parseRunField));
      }),
    );
  });

  it('turns from falling to rising to none, alone or with others', () => {
    const once = turnSort([], 'lr', false);
    expect(once).toEqual([{ field: 'lr', direction: 'DESC' }]);
    const twice = turnSort(once, 'name', true);
    expect(writeSort(twice).sort).toBe('lr desc, name desc');
    expect(writeSort(turnSort(twice, 'name', true)).sort).toBe('lr desc, name asc');
    expect(turnSort(turnSort(twice, 'lr', true), 'lr', true)).toEqual([{ field: 'name', direction: 'DESC' }]);
    expect(turnSort(twice, 'name', false)).toEqual([{ field: 'name', direction: 'ASC' }]);
    expect(writeSort(turnSort([], 'createdAt', false))).toEqual(usual);
  });
});

describe('a click on a value', () => {
  it('makes conditions that the server reads, whatever the value is', () => {
    const cases = fc.oneof(
      fc.record({ type: fc.constant<RunFieldType>('TEXT'), value: fc.string({ minLength: 1 }) }),
      fc.record({
        type: fc.constant<RunFieldType>('NUMBER'),
        value: fc.double({ noNaN: true, noDefaultInfinity: true }),
      }),
      fc.record({ type: fc.constant<RunFieldType>('ANY'), value: fc.boolean() }),
      fc.record({ type: fc.constant<RunFieldType>('TEXT'), value: fc.constant(null) }),
    );
    fc.assert(
      fc.property(cases, ({ type, value }) => {
        const field = type === 'TEXT' ? 'name' : type === 'NUMBER' ? 'test.auc' : 'param(x)';
        const conditions = listConditions({ field, type, value });
        expect(conditions.length).toBeGreaterThanOrEqual(2);
        for (const { condition } of conditions) {
          const parsed = parseRunQuery(condition);
          if (parsed?.kind === 'COMPARE' && parsed.value.kind === 'LITERAL')
            expect(parsed.value.value).toEqual(Object.is(value, -0) ? 0 : value);
        }
      }),
    );
    const of = (type: RunFieldType, value: unknown) =>
      listConditions({ field: type === 'TAGS' ? 'tags' : 'createdAt', type, value }).map(
        ({ condition }) => condition,
      );
    expect(of('TIME', '2026-10-01T12:00:00.000Z').map(parseRunQuery)).toHaveLength(2);
    expect(of('TAGS', ['a', 'b "c"']).map(parseRunQuery)).toHaveLength(4);
  });

  it('keeps what stood in the line', () => {
    expect(addCondition('', 'seed = 1')).toBe('seed = 1');
    expect(addCondition('lr < 1', 'seed = 1')).toBe('lr < 1 and seed = 1');
    const joined = addCondition('lr < 1 OR lr > 2', 'seed = 1');
    expect(parseRunQuery(joined)).toMatchObject({
      kind: 'AND',
      filters: [{ kind: 'OR' }, { kind: 'COMPARE' }],
    });
  });
});

describe('the selection', () => {
  it('is of some runs, or of all that match but some', () => {
    const some = toggleRun(toggleRun(NOTHING_CHOSEN, 'a'), 'b');
    expect(isSelected(some, 'a')).toBe(true);
    expect(countChosen(some, 10)).toBe(2);
    const allButOne = toggleRun({ isAll: true, ids: new Set() }, 'a');
    expect(isSelected(allButOne, 'a')).toBe(false);
    expect(isSelected(allButOne, 'z')).toBe(true);
    expect(countChosen(allButOne, 10)).toBe(9);
  });
});

describe('saved views', () => {
  const view = (address: string, more: { id?: string; isDefault?: boolean } = {}) => ({
    id: 'v1',
    name: 'finalists',
    isDefault: false,
    project: { id: 'p1', name: 'default' },
    address,
    ...more,
  });
  const seen = {
    ...EMPTY_SEARCH,
    query: 'seed > 2',
    sort: 'lr desc',
    columns: ['name', 'lr'],
    archived: true,
  };

  it('keep all that the address says but which view it began with, and name their columns', () => {
    const kept = writeViewAddress({ ...seen, view: 'other', widths: ['lr:99', 'hidden:80'] });
    expect(readViewAddress(view(kept))).toEqual({ ...seen, pinned: 1, widths: ['lr:99'], view: 'v1' });
    expect(readViewAddress(view(writeViewAddress(EMPTY_SEARCH))).columns).toEqual(FIRST_COLUMNS);
    expect(readViewAddress(view('columns=name&mystery=1&order=nonsense'))).toEqual({
      ...EMPTY_SEARCH,
      columns: ['name'],
      view: 'v1',
    });
  });

  it('are changed by another filter, and not by another writing of the same', () => {
    const saved = view('query=seed+%3E+2&columns=name,lr&sort=lr+desc&archived=1');
    expect(isViewChanged(saved, seen)).toBe(false);
    expect(isViewChanged(saved, { ...seen, pinned: 1, view: 'v1' })).toBe(false);
    expect(isViewChanged(saved, { ...seen, query: '' })).toBe(true);
    expect(isViewChanged(saved, { ...seen, widths: ['lr:99'] })).toBe(true);
  });

  it('are meant by an address that names one, or nothing while there is one default', () => {
    const [one, two] = [view('', { isDefault: true }), view('', { id: 'v2' })];
    expect(findMeantView([two, one], EMPTY_SEARCH)).toBe(one);
    expect(findMeantView([two, one], { ...EMPTY_SEARCH, view: 'v2' })).toBe(two);
    expect(findMeantView([two, one], { ...EMPTY_SEARCH, view: 'gone' })).toBeNull();
    expect(findMeantView([two, one], { ...EMPTY_SEARCH, tag: 'x' })).toBeNull();
    expect(findMeantView([one, view('', { id: 'v3', isDefault: true })], EMPTY_SEARCH)).toBeNull();
  });
});

describe('the lines of the table', () => {
  const first = keyLines(['a', 'b', 'c'], new Map(), null);

  it('stay with their runs, wherever these stand', () => {
    expect([...keyLines(['c', 'new', 'a', 'b'], first, null)]).toEqual([
      ['c', first.get('c')],
      ['new', 3],
      ['a', first.get('a')],
      ['b', first.get('b')],
    ]);
  });

  it('are taken over by other runs, one each', () => {
    const next = keyLines(['d', 'b', 'e', 'f'], first, null);
    expect(next.get('b')).toBe(first.get('b'));
    expect(new Set(next.values())).toEqual(new Set([0, 1, 2, 3]));
  });

  it('go with a run that somebody works on', () => {
    const next = keyLines(['d', 'e', 'f'], first, 'b');
    expect([...next.values()]).not.toContain(first.get('b'));
    expect(new Set(next.values()).size).toBe(3);
  });
});
