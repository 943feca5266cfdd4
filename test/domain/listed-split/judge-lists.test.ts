/** Splits known by their lists alone: every way in which publishers write them, hostile ones, and real ones that leak. */
import { existsSync, readFileSync } from 'node:fs';
import { auditList } from '@microtome/domain/listed-split/audit-list';
import { judgeLists, type ListRequest } from '@microtome/domain/listed-split/judge-lists';
import {
  compareCertificates,
  makeCertificate,
  parseCertificate,
} from '@microtome/domain/listed-split/split-certificate';
import { openNameRule } from '@microtome/domain/source/name-rule';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';

const LISTS = new URL('../../../../shared/data/layouts/', import.meta.url);

function judge(text: string | [name: string, text: string][], request: Partial<ListRequest> = {}) {
  const files = (typeof text === 'string' ? [['list.csv', text] as const] : text).map(([name, own]) => ({
    name,
    text: own,
  }));
  return judgeLists({ files, columns: {}, rule: null, pattern: null, ...request });
}

describe('one split, however it is written', () => {
  const ways: [way: string, text: string | [string, string][]][] = [
    ['a column of sides', 'id,subset\na,train\nb,val\na,test\nc,train\n'],
    [
      'a column of sides, quoted, with tabs and a mark at the start',
      '\ufeff"id"\t"split"\na\ttraining\nb\tvalid\na\ttest\nc\ttrain\n',
    ],
    ['a column of ids for each side, unnamed index first', ',train,val,test\n0,a,b,a\n1,c,,\n'],
    [
      'true and false for each side',
      ',train,val,test\na,True,False,True\nb,False,True,False\nc,True,False,False\n',
    ],
    ['JSON lists', '{"train": ["a", "c"], "val": ["b"], "test": ["a"]}'],
    [
      'JSON rows',
      '[{"id":"a","set":"train"},{"id":"b","set":"dev"},{"id":"a","set":"test"},{"id":"c","set":"train"}]',
    ],
    ['ragged rows and missing cells', "id,subset\na,train,9,9\nb,val\na,test\nc,train\n'--,train\nd\ne,NA\n"],
    [
      'a list for each side',
      [
        ['train_40.csv', 'file\na\nc\n'],
        ['my-val.csv', 'file\nb\n'],
        ['test.csv', 'file\na\n'],
      ],
    ],
  ];
  it.each(ways)('as %s', (_, text) => {
    const { audit } = judge(text);
    expect(audit).toMatchObject({ isClean: false, unit: 'ID', units: 3 });
    expect(audit.shared).toEqual([
      {
        key: 'a',
        sides: [
          { side: 'TRAIN', entries: 1 },
          { side: 'TEST', entries: 1 },
        ],
      },
    ]);
    expect(audit.sides.map(({ side, units, shared }) => [side, units, shared])).toEqual([
      ['TRAIN', 2, 1],
      ['VALIDATION', 1, 0],
      ['TEST', 1, 1],
    ]);
  });

  it('as a column of folds, whose sides have its numbers', () => {
    const { audit } = judge('slide,fold\na,0\nb,1\na,10\n');
    expect(audit.pairs.filter(({ shared }) => shared > 0)).toEqual([
      { a: 'fold 0', b: 'fold 10', shared: 1 },
    ]);
  });
});

test('patients are told by a column, by another table, and by the rules; sites by a barcode', () => {
  expect(judge('image,patient,split\n1,p,train\n2,p,test\n').audit).toMatchObject({
    unit: 'PATIENT',
    isClean: false,
  });
  const patients = { name: 'labels.csv', text: 'case_id,slide_id\np,s1\np,s2\n' };
  expect(judge('train,test\ns1,s2\n', { patients }).audit).toMatchObject({
    unit: 'PATIENT',
    isClean: false,
    units: 1,
  });
  const tcga = judge('slide,split\nTCGA-A1-A0SH-01Z-00-DX1,train\nTCGA-A1-A0SK-01Z-00-DX1,test\n').audit;
  expect(tcga).toMatchObject({ rule: { name: 'tcga' }, isClean: true });
  expect(tcga.sites).toEqual([
    {
      site: 'A1',
      units: [
        { side: 'TRAIN', units: 1 },
        { side: 'TEST', units: 1 },
      ],
    },
  ]);
  const pattern = '(?P<patient>P\\d+)_S';
  expect(
    judge('id,split\nP1_S1,train\nP1_S2,test\n', { pattern }).audit.shared.map(({ key }) => key),
  ).toEqual(['P1']);
});

test('letters behind a BreakHis number are joined, and it is said', () => {
  const { audit } = judge('f,s\nSOB_B_A-14-22549AB-40-001.png,train\nSOB_B_A-14-22549CD-40-001.png,test\n', {
    columns: { id: 'f', side: 's' },
  });
  expect(audit).toMatchObject({ unit: 'PATIENT', isClean: false, slides: { all: 2, shared: 0 } });
  expect(audit.joined).toEqual([{ patient: '14-22549', slides: ['14-22549AB', '14-22549CD'] }]);
  expect(audit.sentences.join(' ')).toContain('2 slides are taken for 1 patients');
});

test.each([
  ['', /has no row below its head/],
  ['id,subset\n', /has no row below its head/],
  ['a,b\n1,2\n', /No column of 'a', 'b' tells the side/],
  ['id,split\na,train\nb,train\n', /the side TRAIN alone/],
  ['{"a": 1}', /holds no list/],
  ['{"train": [', /cannot be read as JSON/],
  ['id\0,split\na,train\n', /it holds zero bytes/],
])('a list that cannot be judged is one sentence: %j', (text, message) => {
  expect(() => judge(text)).toThrow(message);
});

test('columns, sides, rules and expressions that are not there are named', () => {
  expect(() => judge('id,split\na,train\n', { columns: { id: 'x' } })).toThrow("There is no column 'x'.");
  expect(() => judge('id,split\na,train\nb,never\n', { columns: { side: 'split' } })).toThrow(
    /'never' in column 'split'/,
  );
  expect(() => judge('id,split\na,train\nb,test\n', { rule: 'nose' })).toThrow(/no rule 'nose'/);
  expect(() => judge('id,split\na,train\nb,test\n', { pattern: '(' })).toThrow(/cannot be used/);
  expect(() => judge('id,split\na,train\nb,test\n', { rule: 'tcga' })).toThrow(/None of 2 ids .* 'a'/);
});

test('an expression that would take for ever elsewhere takes no time here', () => {
  const started = process.cpuUsage().user;
  openNameRule('regex', '^(a+)+$').read(`${'a'.repeat(50_000)}!`);
  expect(process.cpuUsage(undefined).user - started).toBeLessThan(5_000_000);
});

test('no text ends in anything but a verdict or one sentence', () => {
  const cell = fc.oneof(
    fc.string(),
    fc.constantFrom('train', 'test', 'id', 'true', 'NA', '"', ',', '\n', '__proto__'),
  );
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 30 }), fc.constantFrom(',', '\n', '\t'), (cells, joint) => {
      try {
        expect(judge(cells.join(joint)).audit.units).toBeGreaterThan(0);
      } catch (error) {
        expect((error as { code?: string }).code).toBe('BAD_INPUT');
      }
    }),
    { numRuns: 500 },
  );
});

test('a unit is counted as shared exactly when it is on two sides', () => {
  const entry = fc.record({ id: fc.constantFrom(...'abcdef'), side: fc.constantFrom('TRAIN', 'TEST') });
  fc.assert(
    fc.property(fc.array(entry, { minLength: 2 }), (drawn) => {
      fc.pre(new Set(drawn.map(({ side }) => side)).size === 2);
      const { shared } = auditList(
        drawn.map((one) => ({ ...one, patient: null, site: null })),
        null,
      );
      const onBoth = [...'abcdef'].filter((id) =>
        ['TRAIN', 'TEST'].every((side) => drawn.some((one) => one.id === id && one.side === side)),
      );
      expect(shared.map(({ key }) => key)).toEqual(onBoth);
    }),
  );
});

test('a certificate is made again from the list, and not from another', () => {
  const make = (text: string) => {
    const { audit, entries } = judge(text);
    return makeCertificate(audit, entries);
  };
  const certificate = make('id,split\na,train\nb,test\n');
  const read = parseCertificate(JSON.stringify(certificate), 'c.json');
  expect(compareCertificates(read, make('split,id\ntest,b\ntrain,a\n'))).toEqual([]);
  expect(compareCertificates(read, make('id,split\na,train\nc,test\n'))).toEqual(['sides']);
  expect(certificate.statement).toBe(
    'The data were divided by list into TRAIN 1 id (1 entries), TEST 1 id (1 entries), of 2 ids in all. No id is on more than one side. Patients are not told by the list.',
  );
  expect(() => parseCertificate('{}', 'c.json')).toThrow(/c\.json is no certificate/);
});

const hasLists = existsSync(new URL('breakhis/mysplit.csv', LISTS));
if (!hasLists) console.warn('Skipped: published lists. ../shared/data/layouts is absent.');

describe.skipIf(!hasLists)('published lists', () => {
  const read = (...places: string[]) =>
    places.map((place): [string, string] => [
      place.split('/').at(-1)!,
      readFileSync(new URL(place, LISTS), 'utf8'),
    ]);
  const folds = (kind: string) =>
    read(...['train', 'test'].map((side) => `breakhis/folds_ivanfelipecp/${side}_40_${kind}.csv`));

  it.each([
    ['mysplit', 80, () => read('breakhis/mysplit.csv')],
    ['binary folds', 80, () => folds('binary')],
    ['folds of classes', 77, () => folds('multi_kfold_0')],
  ])('of BreakHis leak: %s, %i slides on several sides', (_, slides, list) => {
    const { audit } = judge(list());
    expect(audit).toMatchObject({ isClean: false, unit: 'PATIENT', rule: { name: 'breakhis' } });
    expect(audit.slides?.shared).toBe(slides);
    expect(audit.joined).toHaveLength(9);
  });

  it('of CLAM are clean, by id and by patient', () => {
    for (const name of ['clam_splits_0.csv', 'clam_splits_0_bool.csv']) {
      expect(judge(read(`manifests/${name}`)).audit).toMatchObject({ isClean: true, unit: 'ID', units: 399 });
    }
    const [labels] = read('manifests/clam_tumor_vs_normal_dummy_clean.csv');
    const patients = { name: labels![0], text: labels![1] };
    expect(judge(read('manifests/clam_splits_0.csv'), { patients }).audit).toMatchObject({
      unit: 'PATIENT',
      units: 361,
    });
  });

  it('of slideflow name patients and sites, once each row has a side', () => {
    const [[, text]] = read('manifests/slideflow_breast_er_labels.csv') as [[string, string]];
    const [head, ...rows] = text.trim().split(/\r?\n/);
    const sided = rows.map((row, at) => `${row},${at % 2 ? 'test' : 'train'}`);
    const { audit } = judge([`${head},split`, ...sided].join('\n'));
    expect(audit).toMatchObject({ unit: 'PATIENT', units: 990, isClean: false });
    expect(audit.sites).toHaveLength(38);
  });
});
