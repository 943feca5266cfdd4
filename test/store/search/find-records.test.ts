/** One text looked for among the names of all nouns: words in any order, an id, the best first, and no other project's. */
import { DEFAULT_PROJECT_ID } from '@microtome/domain/access/principal';
import { createProject } from '@microtome/store/access/projects';
import { createModel } from '@microtome/store/model/models';
import { updateRun } from '@microtome/store/run/runs';
import { findRecords } from '@microtome/store/search/find-records';
import { beforeAll, describe, expect, it } from 'vitest';
import { insertDataset } from '../../fixtures/dataset.ts';
import { launchTestRun } from '../../fixtures/run.ts';
import { openBench } from '../open-bench.ts';

const { store, bench } = await openBench();
let wardId: string;
let runId: string;

beforeAll(async () => {
  wardId = (await createProject(store, 'ward')).id;
  const shape = { patients: 2, patchesPerPatient: 2, patchSizePx: 8, seed: 7 };
  await insertDataset(store, {
    ...shape,
    ...{ name: 'ward biopsies', projectId: wardId, patientKeys: ['W-100%', 'W-2'], source: 'ward' },
  });
  runId = (await launchTestRun(store, bench, { seed: 4 })).id;
  await launchTestRun(store, bench, { seed: 5 });
  await createModel(store, { name: 'seed-keeper', createdBy: 'ada', projectId: DEFAULT_PROJECT_ID });
});

const find = async (text: string, projectIds: string[] | null = null) =>
  (await findRecords(store, { text, projectIds })).map(({ noun, name, place }) => ({ noun, name, place }));

describe('a text', () => {
  it('is found in the names of several nouns, those that begin with it first', async () => {
    const found = await find('seed');
    expect(found[0]).toEqual({ noun: 'MODEL', name: 'seed-keeper', place: '' });
    expect(found.filter(({ noun }) => noun === 'RUN').map(({ name }) => name)).toEqual([
      'shallow, seed 5',
      'shallow, seed 4',
    ]);
  });

  it('may name what a record belongs to, with its words in any order', async () => {
    expect(await find('against seed shallow')).toEqual([
      { noun: 'RUN', name: 'shallow, seed 5', place: 'shallow against deep' },
      { noun: 'RUN', name: 'shallow, seed 4', place: 'shallow against deep' },
    ]);
  });

  it('stands for itself: % and _ are signs like others', async () => {
    expect((await find('100%')).map(({ name }) => name)).toEqual(['W-100%']);
    expect(await find('W_2')).toEqual([]);
    expect(await find('  ')).toEqual([]);
  });

  it('that is an id finds its record', async () => {
    expect((await find(runId)).map(({ name }) => name)).toEqual(['shallow, seed 4']);
  });

  it('finds a patient with a slide to look at', async () => {
    const [patient] = await findRecords(store, { text: 'W-2', projectIds: null });
    const slide = await store.database.prisma.slide.findFirstOrThrow({ where: { patient: { key: 'W-2' } } });
    expect(patient).toMatchObject({
      noun: 'PATIENT',
      name: 'W-2',
      place: 'ward biopsies',
      slideId: slide.id,
    });
  });

  it('finds a few of each noun, the newest', async () => {
    await Promise.all(
      [6, 7, 8, 9, 10, 11].map(async (seed) => {
        const run = await launchTestRun(store, bench, { seed });
        await updateRun(store, { runId: run.id, name: `many ${seed}` });
      }),
    );
    expect(await find('many')).toHaveLength(5);
  });
});

it('is looked for in the projects of the asker alone, whatever the noun', async () => {
  expect(await find('W-2', [DEFAULT_PROJECT_ID])).toEqual([]);
  expect(await find('ward', [DEFAULT_PROJECT_ID])).toEqual([]);
  expect(await find(runId, [wardId])).toEqual([]);
  expect(await find('seed', [wardId])).toEqual([]);
  expect((await find('ward', [wardId])).map(({ noun }) => noun)).toEqual(['DATASET', 'PATIENT', 'PATIENT']);
  expect(await find('seed', [])).toEqual([]);
});
