/** Splits of lists from outside: what they become, what is said of them, and what the database holds of them. */
import { SUBSETS } from '@microtome/domain/split/subset';
import { loadScored } from '@microtome/store/evaluation/scored-predictions';
import { createExperiment } from '@microtome/store/experiment/experiments';
import { createSplit } from '@microtome/store/split/create-split';
import { importSplit, previewImportedSplit } from '@microtome/store/split/import-split';
import { auditStoredSplit } from '@microtome/store/split/split-audit';
import { deleteSplit } from '@microtome/store/split/splits';
import { listSubsetPatches } from '@microtome/store/split/subset-patches';
import type { Store } from '@microtome/store/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DatasetOptions, insertDataset } from '../../fixtures/dataset.ts';
import { finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { createTestStore, type TestStore } from '../../test-store.ts';

const SHAPE = { patients: 10, patchesPerPatient: 9, patchSizePx: 8 };

let test: TestStore;
let store: Store;
let seed = 0;

beforeAll(async () => {
  test = await createTestStore();
  store = test.store;
});
afterAll(() => test.close());

const insert = (options: Partial<DatasetOptions> = {}) => {
  seed += 1;
  return insertDataset(store, { ...SHAPE, seed, ...options });
};
const ask = (datasetId: string, ...texts: string[]) => ({
  ...{ datasetId, columns: {}, rule: null, pattern: null, level: null },
  files: texts.map((text, at) => ({ name: `list-${at}.csv`, text })),
});
const sideOf = (patient: number) => (patient < 6 ? 'train' : patient < 8 ? 'val' : 'test');
const listUnits = (keys: readonly string[]) =>
  ['case_id,split', ...keys.map((key, patient) => `${key},${sideOf(patient)}`)].join('\n');
const refuse = (statement: string, values: unknown[], sentence: RegExp) =>
  expect(store.database.pool.query(statement, values)).rejects.toThrow(sentence);

describe('a list that keeps patients apart', () => {
  it('becomes an ordinary split, however it is written, and the same again is the same split', async () => {
    const { datasetId, patientKeys, patches } = await insert();
    const columns = ['train,val,test'];
    for (let row = 0; row < 6; row++) {
      columns.push(
        [patientKeys[row], row < 2 && patientKeys[6 + row], row < 2 && patientKeys[8 + row]]
          .map((one) => one || '')
          .join(','),
      );
    }
    const json = JSON.stringify({
      train: patientKeys.slice(0, 6),
      valid: patientKeys.slice(6, 8),
      test: patientKeys.slice(8),
    });
    const files = patches.map(({ patient, x, y, label }) => {
      return `IDC/${patientKeys[patient]}/${label}/${patientKeys[patient]}_idx5_x${x + 1}_y${y + 1}_class${label}.png,${sideOf(patient)}`;
    });
    const { splits, found } = await importSplit(store, ask(datasetId, listUnits(patientKeys)));
    expect(splits[0]).toMatchObject({
      ...{ kind: 'PATIENT', strategy: 'IMPORTED', name: 'List list-0.csv', audit: null, leftOutPatients: 0 },
      ...{ trainPatients: 6, validationPatients: 2, testPatients: 2, testPatches: 18, fold: null },
    });
    expect(found.splits[0]?.audit).toMatchObject({ passed: true, patientsOnSeveralSides: 0 });
    expect(found.from).toMatchObject({ level: 'UNIT', entries: 10, crossing: { count: 0 } });
    for (const [level, text] of [
      ['UNIT', columns.join('\n')],
      ['UNIT', json],
      ['FILE', ['path,subset', ...files].join('\n')],
    ] as const) {
      const again = await importSplit(store, ask(datasetId, text));
      expect(again.splits.map(({ id }) => id)).toEqual([splits[0]!.id]);
      expect(again.found.from.level).toBe(level);
    }
    const audit = await auditStoredSplit(store, { splitId: splits[0]!.id });
    expect(audit).toMatchObject({ passed: true });
  });

  it('names what the dataset lacks and what the list leaves out', async () => {
    const { datasetId, patientKeys } = await insert();
    const text = `${listUnits(patientKeys.slice(0, 9))}\nnobody,train\nNobody else,test\n,train`;
    const { splits, from } = await previewImportedSplit(store, ask(datasetId, text));
    expect(from).toMatchObject({
      unknown: { count: 2, examples: ['nobody', 'Nobody else'] },
      unlistedUnits: { count: 1, examples: [patientKeys[9]] },
      ...{ unlistedPatches: 9, leftOutRows: 1 },
    });
    expect(splits[0]?.planned.row).toMatchObject({ leftOutPatients: 1, testPatients: 1 });
    expect(await store.database.prisma.split.count({ where: { datasetId } })).toBe(0);
  });

  it('takes VALIDATION from TRAIN where it has none, and folds as a cross-validation', async () => {
    const { datasetId, patientKeys } = await insert();
    const two = listUnits(patientKeys).replaceAll(',val', ',train');
    const { splits, found } = await importSplit(store, ask(datasetId, two));
    expect(splits[0]).toMatchObject({ testPatients: 2, kind: 'PATIENT' });
    expect(splits[0]!.validationPatients).toBeGreaterThan(0);
    expect(found.from.tookValidation).toBe(true);
    const folds = ['slide,fold', ...patientKeys.map((key, at) => `${key}.svs,${at % 5}`)].join('\n');
    const crossed = await importSplit(store, { ...ask(datasetId, folds), name: 'theirs' });
    expect(crossed.splits.map(({ name, fold, testPatients }) => [name, fold, testPatients])).toEqual(
      [1, 2, 3, 4, 5].map((fold) => [`theirs, fold ${fold} of 5`, fold - 1, 2]),
    );
  });

  it('is stored as unsafe with its verdict where pixels cross', async () => {
    const { datasetId, patientKeys } = await insert({
      repaint(patches) {
        // A copy of TRAIN within TEST.
        patches[9 * 9]!.pixels = patches[0]!.pixels;
      },
    });
    const { splits } = await importSplit(store, ask(datasetId, listUnits(patientKeys)));
    expect(splits[0]).toMatchObject({ kind: 'PATIENT', audit: { passed: false, identicalAcrossSides: 2 } });
    expect(splits[0]!.audit?.notes).toContainEqual(expect.stringContaining('what was found is enough'));
  });
});

describe('a list that leaks', () => {
  it('is kept as it is, as an unsafe split by patch, with who is on several sides', async () => {
    const { datasetId, patientKeys } = await insert({ stripsPerPatient: 1 });
    const text = `${listUnits(patientKeys)}\n${patientKeys[0]},test\n${patientKeys[6]},train`;
    const { splits, found } = await importSplit(store, ask(datasetId, text));
    const [split] = splits;
    expect(split).toMatchObject({
      ...{ kind: 'PATCH', trainPatches: 7 * 9, validationPatches: 18, testPatches: 3 * 9 },
      audit: { passed: false, patientsOnSeveralSides: 2, identicalAcrossSides: 36 },
    });
    expect(found.from.crossing).toEqual({
      count: 2,
      listed: [
        {
          key: patientKeys[0],
          sides: [
            { side: 'TRAIN', patches: 10 },
            { side: 'TEST', patches: 10 },
          ],
        },
        {
          key: patientKeys[6],
          sides: [
            { side: 'TRAIN', patches: 10 },
            { side: 'VALIDATION', patches: 10 },
          ],
        },
      ],
    });
    const sides = await Promise.all(
      SUBSETS.map((subset) => listSubsetPatches(store, { splitId: split!.id, subset })),
    );
    expect(sides.map(({ count, patientKeys: keys }) => [count, keys.length])).toEqual([
      [63, 7],
      [18, 2],
      [27, 3],
    ]);
    const { id: experimentId } = await createExperiment(store, { datasetId, name: 'leaking' });
    const run = await launchTestRun(store, { datasetId, split: split!, experimentId });
    await finishTestRun(store, run);
    const { scored } = await loadScored(store, { runId: run.id, subset: 'VALIDATION' });
    expect(scored.labels).toHaveLength(18);
  });

  it('of files of one patient on two sides is a leak of the patient', async () => {
    const { datasetId, patientKeys, patches } = await insert();
    const rows = patches.map(({ patient, x, y, label }, at) => {
      const side = patient === 3 ? ['train', 'test'][at % 2] : sideOf(patient);
      return `${patientKeys[patient]}_idx5_x${x + 1}_y${y + 1}_class${label}.png,${side}`;
    });
    const { splits, found } = await importSplit(store, ask(datasetId, ['file,side', ...rows].join('\n')));
    expect(found.from).toMatchObject({
      level: 'FILE',
      crossing: { count: 1, listed: [{ key: patientKeys[3] }] },
    });
    expect(splits[0]?.audit?.reasons).toContainEqual(expect.stringMatching(/touch a TRAIN patch/));
    expect(splits[0]?.audit?.reasons).toContainEqual(expect.stringMatching(/never looks at a pixel/));
    expect(splits[0]?.audit?.identicalAcrossSides).toBe(0);
  });

  it('of unknown patients is never safe', async () => {
    const { datasetId, patches } = await insert({
      ...{ patients: 1, patchesPerPatient: 60, patientKeys: ['1'], unit: 'NONE' },
    });
    const rows = patches.map(
      ({ x, y, label }, at) =>
        `1_idx5_x${x + 1}_y${y + 1}_class${label}.png,${['train', 'val', 'test'][at % 3]}`,
    );
    const { splits } = await importSplit(store, ask(datasetId, ['file,side', ...rows].join('\n')));
    expect(splits[0]).toMatchObject({ kind: 'PATCH', trainPatches: 20, audit: { passed: false } });
  });
});

describe('a list of which nothing can be made', () => {
  it.each([
    ['case,split\nx,train\ny,test', /None of 2 entries is a unit, a slide or a file of 'synthetic/],
    ['case,split\n10001,train\n10002,train', /the side TRAIN alone/],
    ['case,split\n10001,train\n10002,val', /has no TEST/],
    ['case,fold\n10001,0\n10002,1', /2 folds: 3 are needed/],
    ['case,split\n10001,train\n10002,middle', /No column of 'case', 'split' tells the side/],
  ])('%j', async (text, sentence) => {
    const { datasetId } = await insert();
    await expect(importSplit(store, ask(datasetId, text))).rejects.toThrow(sentence);
    expect(await store.database.prisma.split.count({ where: { datasetId } })).toBe(0);
  });

  it('says what a side would lack, and that IMPORTED needs a list', async () => {
    const { datasetId } = await insert({ classOf: ({ patient }) => (patient === 9 ? 0 : patient % 2) });
    const text = `case,split\n10001,train\n10002,train\n10003,val\n10004,val\n10010,test`;
    await expect(importSplit(store, ask(datasetId, text))).rejects.toThrow(
      /TEST has patches of one class alone/,
    );
    await expect(createSplit(store, { datasetId, strategy: 'IMPORTED' })).rejects.toThrow(/give the list/);
  });
});

describe('the database', () => {
  it('holds what a leaking list says, and lets none of it be changed', async () => {
    const { datasetId, patientKeys } = await insert();
    const leaking = `${listUnits(patientKeys)}\n${patientKeys[0]},test`;
    const { splits } = await importSplit(store, ask(datasetId, leaking));
    const { id } = splits[0]!;
    await refuse('update split_patch_sides set sides = sides where split_id = $1', [id], /never change/);
    await refuse('delete from split_patch_sides where split_id = $1', [id], /only together with the split/);
    await refuse(`update split set imported_from = '{}' where id = $1`, [id], /never changes/);
    const copy = `insert into split select (jsonb_populate_record(split, jsonb_build_object('id', gen_random_uuid(),
      'digest', repeat('b', 64)) || $2::jsonb)).* from split where id = $1 returning id`;
    await refuse(copy, [id, '{}'], /does not list the sides/);
    await refuse(copy, [id, '{"imported_from": null}'], /split_imported_check/);
    for (const [place, sentence] of [
      ['substring(sides from 2)', /are of 89 patches, and its dataset has 90/],
      [`set_byte(sides, 0, 0)`, /states 54 TRAIN, 18 VALIDATION and 27 TEST/],
      [`set_byte(sides, 0, 13)`, /states 54 TRAIN/],
    ] as const) {
      const client = await store.database.pool.connect();
      try {
        await client.query('begin');
        const { rows } = await client.query(copy, [id, '{}']);
        const insertSides = `insert into split_patch_sides select $2, ${place} from split_patch_sides where split_id = $1`;
        await expect(client.query(insertSides, [id, rows[0].id])).rejects.toThrow(sentence);
      } finally {
        await client.query('rollback');
        client.release();
      }
    }
    await deleteSplit(store, id);
    expect(await store.database.prisma.splitPatchSides.count({ where: { splitId: id } })).toBe(0);
  });

  it('takes the same list twice at once as one split, on two connections', async () => {
    const { datasetId, patientKeys } = await insert();
    const request = ask(datasetId, listUnits(patientKeys));
    const [one, two] = await Promise.all([importSplit(store, request), importSplit(store, request)]);
    expect(one.splits[0]!.id).toBe(two.splits[0]!.id);
    expect(await store.database.prisma.split.count({ where: { datasetId } })).toBe(1);
  });
});
