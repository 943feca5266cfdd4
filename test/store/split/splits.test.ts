import { SUBSETS } from '@microtome/domain/split/subset';
import { deleteDataset } from '@microtome/store/dataset/datasets';
import { performDeletions } from '@microtome/store/deletion/perform-deletions';
import { createSplit } from '@microtome/store/split/create-split';
import { deleteSplit } from '@microtome/store/split/splits';
import { listSubsetPatches } from '@microtome/store/split/subset-patches';
import type { Store } from '@microtome/store/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InsertedDataset, insertDataset } from '../../fixtures/dataset.ts';
import { createBench, finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { createTestStore, type TestStore } from '../../test-store.ts';

const SHAPE = { patients: 12, patchesPerPatient: 9, patchSizePx: 6, seed: 1, stripsPerPatient: 2 };

let test: TestStore;
let store: Store;
let dataset: InsertedDataset;

beforeAll(async () => {
  test = await createTestStore();
  store = test.store;
  dataset = await insertDataset(store, SHAPE);
});
afterAll(() => test.close());

describe('a split', () => {
  it('puts every full-size patch on the side of its patient, and each on one side', async () => {
    const [split] = await createSplit(store, {
      datasetId: dataset.datasetId,
      strategy: 'PATIENT_STRATIFIED',
    });
    const seen = new Map<number, string>();
    const sides = new Map<string, string>();
    for (const subset of SUBSETS) {
      const patches = await listSubsetPatches(store, { splitId: split!.id, subset });
      expect(patches.count).toBe(split![`${subset.toLowerCase()}Patches` as 'testPatches']);
      const ofClass = (wanted: number) => patches.classes.filter((position) => position === wanted).length;
      expect([ofClass(0), ofClass(1)]).toEqual(
        split![`${subset.toLowerCase()}ClassCounts` as 'testClassCounts'],
      );
      expect(patches.indexes).toEqual(patches.indexes.toSorted());
      for (let at = 0; at < patches.count; at++) {
        const index = patches.indexes[at]!;
        const original = dataset.patches[index]!;
        const key = patches.patientKeys[patches.patients[at]!]!;
        expect(seen.has(index)).toBe(false);
        seen.set(index, subset);
        expect([key, patches.x[at], patches.y[at], patches.classes[at], patches.widthPx[at]]).toEqual([
          dataset.patientKeys[original.patient],
          original.x,
          original.y,
          original.classPosition,
          original.widthPx,
        ]);
        expect(sides.get(key) ?? subset).toBe(subset);
        sides.set(key, subset);
      }
    }
    expect(seen.size).toBe(SHAPE.patients * SHAPE.patchesPerPatient);
  });

  it('gives edge strips only when asked', async () => {
    const [split] = await createSplit(store, {
      datasetId: dataset.datasetId,
      strategy: 'PATIENT_STRATIFIED',
    });
    const without = await listSubsetPatches(store, { splitId: split!.id, subset: 'TRAIN' });
    const withStrips = await listSubsetPatches(store, {
      splitId: split!.id,
      subset: 'TRAIN',
      includeStrips: true,
    });
    expect(withStrips.count - without.count).toBe(split!.trainPatients * SHAPE.stripsPerPatient);
    expect(Math.min(...withStrips.widthPx)).toBeLessThan(SHAPE.patchSizePx);
  });

  it('is the same row when it is asked for again, and another for another seed', async () => {
    const request = { datasetId: dataset.datasetId, strategy: 'PATIENT_STRATIFIED' as const, seed: 4 };
    const [first] = await createSplit(store, request);
    expect(await createSplit(store, { ...request, name: 'again' })).toEqual([first]);
    const [second] = await createSplit(store, { ...request, seed: 5 });
    expect(second!.digest).not.toBe(first!.digest);
  });

  it('of k folds makes k splits in which each patient is tested once', async () => {
    const splits = await createSplit(store, {
      datasetId: dataset.datasetId,
      strategy: 'K_FOLD',
      folds: 3,
      name: 'cv',
    });
    expect(splits.map(({ fold, folds, name }) => [fold, folds, name])).toEqual([
      [0, 3, 'cv, fold 1 of 3'],
      [1, 3, 'cv, fold 2 of 3'],
      [2, 3, 'cv, fold 3 of 3'],
    ]);
    const tested = await Promise.all(
      splits.map(
        async ({ id }) => (await listSubsetPatches(store, { splitId: id, subset: 'TEST' })).patientKeys,
      ),
    );
    expect(tested.flat().toSorted()).toEqual(dataset.patientKeys);
  });

  it('by patch has patients on every side, as counted, and covers every patch once', async () => {
    const [split] = await createSplit(store, {
      datasetId: dataset.datasetId,
      strategy: 'RANDOM_PATCH',
      seed: 2,
    });
    const sides = await Promise.all(
      SUBSETS.map((subset) => listSubsetPatches(store, { splitId: split!.id, subset })),
    );
    expect(sides.map(({ count }) => count)).toEqual([
      split!.trainPatches,
      split!.validationPatches,
      split!.testPatches,
    ]);
    expect(sides.map(({ patientKeys }) => patientKeys.length)).toEqual([
      split!.trainPatients,
      split!.validationPatients,
      split!.testPatients,
    ]);
    const indexes = sides.flatMap((side) => [...side.indexes]).toSorted((a, b) => a - b);
    expect(indexes).toEqual(Array.from({ length: 108 }, (_, index) => index));
    expect(await store.database.prisma.splitPatient.count({ where: { splitId: split!.id } })).toBe(0);
  });

  it('leaves out and counts patients that the published lists do not name, and names those that are absent', async () => {
    const patientKeys = ['8865', '8913', '8867', '8914', '8864', '8916', '99999'];
    const shape = { ...SHAPE, patients: patientKeys.length, patientKeys };
    const { datasetId } = await insertDataset(store, shape);
    const [split] = await createSplit(store, { datasetId, strategy: 'CRUZ_ROA_2014' });
    expect(split).toMatchObject({
      trainPatients: 2,
      validationPatients: 2,
      testPatients: 2,
      leftOutPatients: 1,
    });
    expect(split!.absentPatients).toHaveLength(162 - 6);
  });

  it('that cannot be is refused with what to change, and leaves nothing', async () => {
    const create = (request: object) =>
      createSplit(store, { datasetId: dataset.datasetId, strategy: 'PATIENT_STRATIFIED', ...request });
    const before = await store.database.prisma.split.count();
    await expect(create({ seed: -1 })).rejects.toThrow('The seed is -1');
    await expect(create({ fractions: { train: 0.5, validation: 0.5, test: 0.5 } })).rejects.toThrow('sum to');
    await expect(create({ folds: 3 })).rejects.toThrow('takes no folds');
    await expect(create({ strategy: 'K_FOLD', folds: 13 })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(create({ strategy: 'CRUZ_ROA_2014' })).rejects.toThrow('PATIENT_STRATIFIED');
    await expect(create({ datasetId: '00000000-0000-0000-0000-000000000000' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await store.database.prisma.split.count()).toBe(before);
  });
});

describe('deleting', () => {
  it('a split or a dataset is refused while runs depend on it, and goes through afterwards', async () => {
    const bench = await createBench(store, { seed: 33 });
    const run = await launchTestRun(store, bench);
    await finishTestRun(store, run);
    await expect(deleteSplit(store, bench.split.id)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(deleteDataset(store, bench.datasetId)).rejects.toThrow('1 run depends on it');
    await store.database.prisma.run.delete({ where: { id: run.id } });
    await deleteDataset(store, bench.datasetId);
    await performDeletions(store);
    const left = await store.database.pool.query(
      'select (select count(*) from patch where dataset_id = $1) + (select count(*) from split where dataset_id = $1) as n',
      [bench.datasetId],
    );
    expect(left.rows).toEqual([{ n: '0' }]);
  });
});
