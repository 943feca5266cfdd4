/** Lists over the API: the verdict that stores nothing, the preview, the import, and what is refused. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertDataset } from '../../fixtures/dataset.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

const AUDIT = `query ($list: SplitListInput!) { auditSplitList(list: $list) { isClean unit rule units sharedCount leftOut
  shared { key sides { side entries } } sides { side entries units slides shared } pairs { a b shared } sentences layouts } }`;
const PREVIEW = `query ($input: ImportSplitInput!) { previewSplitImport(input: $input) { isClean
  list { level entries sentences crossingCount crossing { key sides { side patches } } unknown { count examples }
    unlistedUnits { count examples } unlistedPatches files digest }
  splits { name kind audit { passed reasons notes } subsets { subset patients patches } } } }`;
const IMPORT = `mutation ($input: ImportSplitInput!) { importSplit(input: $input) { splits { id name kind strategy unsafe
  importedFrom { files crossingCount crossing { key } sentences } audit { passed } } } }`;

let api: TestApi;
let datasetId: string;
let keys: string[];

beforeAll(async () => {
  api = await startTestApi();
  const shape = { patients: 10, patchesPerPatient: 9, patchSizePx: 8, seed: 1 };
  ({ datasetId, patientKeys: keys } = await insertDataset(api.store, shape));
});
afterAll(() => api.close());

const list = (text: string, more: object = {}) => ({ files: [{ name: 'theirs.csv', text }], ...more });
const rows = (...extra: string[]) =>
  [
    'case,group',
    ...keys.map((key, at) => `${key},${at < 6 ? 'train' : at < 8 ? 'val' : 'test'}`),
    ...extra,
  ].join('\n');

it('judges a list alone, by columns and rules as asked', async () => {
  const text = 'picture;arm\nP1_S1;train\nP1_S2;test\nP2_S3;test\n';
  const asked = { columns: { id: 'picture', side: 'arm' }, rule: 'REGEX', pattern: '(?P<patient>P\\d+)_' };
  const { auditSplitList } = await api.ask<{ auditSplitList: object }>(AUDIT, { list: list(text, asked) });
  expect(auditSplitList).toMatchObject({
    ...{
      isClean: false,
      unit: 'PATIENT',
      units: 2,
      sharedCount: 1,
      pairs: [{ a: 'TRAIN', b: 'TEST', shared: 1 }],
    },
    shared: [
      {
        key: 'P1',
        sides: [
          { side: 'TRAIN', entries: 1 },
          { side: 'TEST', entries: 1 },
        ],
      },
    ],
  });
  expect(await api.store.database.prisma.split.count()).toBe(0);
});

it('shows what a list would become, stores nothing, and then stores what it showed', async () => {
  const input = { datasetId, list: list(rows('stranger,test')), name: 'Their split' };
  const { previewSplitImport } = await api.ask<{ previewSplitImport: object }>(PREVIEW, { input });
  expect(previewSplitImport).toMatchObject({
    isClean: true,
    list: { level: 'UNIT', crossingCount: 0, unknown: { count: 1, examples: ['stranger'] } },
    splits: [{ name: 'Their split', kind: 'PATIENT', audit: { passed: true, reasons: [] } }],
  });
  expect(await api.store.database.prisma.split.count()).toBe(0);
  const { importSplit } = await api.ask<{ importSplit: { splits: { id: string }[] } }>(IMPORT, { input });
  expect(importSplit.splits).toMatchObject([
    {
      name: 'Their split',
      kind: 'PATIENT',
      strategy: 'IMPORTED',
      unsafe: false,
      importedFrom: { files: ['theirs.csv'] },
    },
  ]);
});

it('keeps a leaking list as an unsafe split with its names', async () => {
  const input = { datasetId, list: list(rows(`${keys[0]},test`)) };
  const { importSplit } = await api.ask<{ importSplit: { splits: object[] } }>(IMPORT, { input });
  expect(importSplit.splits).toMatchObject([
    {
      kind: 'PATCH',
      unsafe: true,
      audit: { passed: false },
      importedFrom: { crossingCount: 1, crossing: [{ key: keys[0] }] },
    },
  ]);
});

it('refuses what is no list, in a sentence', async () => {
  const refused = [
    [{ files: [] }, 'There is no list.'],
    [list('\u0001\u0002'), /theirs.csv/],
    [list('a,b\n1,2'), "No column of 'a', 'b' tells the side"],
    [list('id,split\n1,train', { rule: 'REGEX' }), "The rule 'regex' needs an expression."],
    [list('id,split\n1,train', { pattern: '(' }), 'cannot be used'],
    [list('x'.repeat(16 * 1024 * 1024 + 1)), 'The list has 16777217 characters'],
  ] as const;
  for (const [asked, sentence] of refused) {
    const { code, message } = await api.fail(AUDIT, { list: asked });
    expect(code).toBe('BAD_INPUT');
    expect(message).toMatch(sentence);
  }
  const elsewhere = { datasetId: '0198a000-0000-7000-8000-000000000000', list: list(rows()) };
  expect(await api.fail(PREVIEW, { input: elsewhere })).toMatchObject({ code: 'NOT_FOUND' });
});
