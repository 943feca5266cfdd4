/** Datasets that are not of patients, and splits by site: what can be had, and what the database holds. */
import { evaluateSites } from '@microtome/domain/evaluation/site-evaluation';
import { SUBSETS } from '@microtome/domain/split/subset';
import { loadScored } from '@microtome/store/evaluation/scored-predictions';
import { createSplit } from '@microtome/store/split/create-split';
import { auditStoredSplit } from '@microtome/store/split/split-audit';
import { listSubsetPatches } from '@microtome/store/split/subset-patches';
import type { Store } from '@microtome/store/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertDataset } from '../../fixtures/dataset.ts';
import { createBench, finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { createTestStore, type TestStore } from '../../test-store.ts';

const SHAPE = { patients: 10, patchesPerPatient: 9, patchSizePx: 8 };
const siteOf = (patient: number) => `centre ${patient % 5}`;

let test: TestStore;
let store: Store;

beforeAll(async () => {
  test = await createTestStore();
  store = test.store;
});
afterAll(() => test.close());

const refuse = (statement: string, values: unknown[], sentence: RegExp) =>
  expect(store.database.pool.query(statement, values)).rejects.toThrow(sentence);

describe('a split by site', () => {
  it('leaves each of five centres out once, and the database keeps each on one side', async () => {
    const { datasetId } = await insertDataset(store, { ...SHAPE, seed: 1, siteOf });
    const splits = await createSplit(store, { datasetId, strategy: 'BY_SITE' });
    expect(splits.map(({ name, fold, folds }) => [name, fold, folds])).toEqual(
      [0, 1, 2, 3, 4].map((site) => [`TEST is centre ${site}`, site, 5]),
    );
    const [split] = splits;
    for (const subset of SUBSETS) {
      const { slideSites } = await listSubsetPatches(store, { splitId: split!.id, subset });
      const sites = await store.database.prisma.splitSite.findMany({ where: { splitId: split!.id, subset } });
      expect(new Set(slideSites)).toEqual(new Set(sites.map(({ site }) => site)));
    }
    const { id } = split!;
    await refuse(`insert into split_site values ($1, 'centre 0', 'TRAIN')`, [id], /split_site_pkey/);
    await refuse(`update split_site set subset = 'TRAIN' where split_id = $1`, [id], /never change/);
    await refuse('delete from split_site where split_id = $1', [id], /together with the split/);
    // In the place of a patient who was never there: another site's side, and no site at all.
    const add = (side: string, site: string) =>
      `with gone as (select * from split_patient where split_id = $1 limit 1)
       insert into split_patient (split_id, patient_id, split_kind, dataset_id, subset, site)
       select split_id, gen_random_uuid(), split_kind, dataset_id, ${side}, ${site} from gone`;
    await refuse(add(`'TEST'`, `'centre 1'`), [id], /foreign key/);
    await refuse(add(`'TEST'`, 'null'), [id], /has the site that is on their side|foreign key/);
  });

  it('holds named sites out, and deals folds of sites', async () => {
    const { datasetId } = await insertDataset(store, { ...SHAPE, seed: 2, siteOf });
    const request = { datasetId, strategy: 'BY_SITE' as const };
    const [held] = await createSplit(store, {
      ...request,
      testSites: ['centre 3'],
      validationSites: ['centre 1'],
    });
    expect(held).toMatchObject({ testPatients: 2, validationPatients: 2, trainPatients: 6, fold: null });
    const folds = await createSplit(store, { datasetId, strategy: 'PRESERVED_SITES', folds: 5 });
    expect(folds).toHaveLength(5);
    const foreign = { datasetId, strategy: 'K_FOLD' as const, testSites: ['centre 3'] };
    await expect(createSplit(store, foreign)).rejects.toThrow('K_FOLD takes no sites.');
    const bare = await insertDataset(store, { ...SHAPE, seed: 3 });
    await expect(createSplit(store, { ...request, datasetId: bare.datasetId })).rejects.toThrow(
      /tells no site/,
    );
  });

  it('is measured site by site', async () => {
    const bench = await createBench(store, {
      ...SHAPE,
      seed: 4,
      siteOf,
      split: { strategy: 'BY_SITE', testSites: ['centre 0'], validationSites: ['centre 1', 'centre 2'] },
    });
    const run = await launchTestRun(store, bench);
    await finishTestRun(store, run);
    const { scored, patches } = await loadScored(store, { runId: run.id, subset: 'VALIDATION' });
    const sites = ['centre 1', 'centre 2'];
    const siteOfPatch = patches.slides.map((slide) => sites.indexOf(patches.slideSites[slide]!));
    const scoring = { scored, threshold: 0.5, draws: 20, seed: 1 };
    const measured = evaluateSites(scoring, { sites, siteOf: siteOfPatch });
    expect(measured.map(({ site, metrics }) => [site, metrics.patients])).toEqual([
      ['centre 1', 2],
      ['centre 2', 2],
    ]);
    expect(measured.every(({ intervals }) => Object.keys(intervals).length === 0)).toBe(true);
  });
});

describe('a dataset of unknown patients', () => {
  const givenOf = ({ place }: { place: number }) =>
    place % 3 === 0 ? ('TEST' as const) : place === 1 ? null : ('TRAIN' as const);

  it('has no split but the published one, which is unsafe', async () => {
    const { datasetId } = await insertDataset(store, {
      ...{ ...SHAPE, patients: 1, patchesPerPatient: 60, seed: 5, patientKeys: ['unknown'] },
      ...{ unit: 'NONE', hasPlaces: false, givenOf },
    });
    for (const strategy of ['PATIENT_STRATIFIED', 'RANDOM_PATCH', 'K_FOLD', 'BY_SITE'] as const) {
      await expect(createSplit(store, { datasetId, strategy })).rejects.toThrow(/only PUBLISHED can be had/);
    }
    const [split] = await createSplit(store, { datasetId, strategy: 'PUBLISHED' });
    expect(split).toMatchObject({ kind: 'PATCH', testPatches: 20 });
    const sides = await Promise.all(
      SUBSETS.map((subset) => listSubsetPatches(store, { splitId: split!.id, subset })),
    );
    expect(sides.map(({ count }) => count)).toEqual([
      split!.trainPatches,
      split!.validationPatches,
      split!.testPatches,
    ]);
    // One patch has no side.
    expect(sides.reduce((sum, { count }) => sum + count, 0)).toBe(59);
    const audit = await auditStoredSplit(store, { splitId: split!.id });
    expect(audit.passed).toBe(false);
    expect(audit.reasons[0]).toContain('Patients unknown');
    expect(audit.notes).toContainEqual(expect.stringContaining('does not tell where patches lie'));
  });

  it('can be run and measured, without an interval that nothing supports', async () => {
    const bench = await createBench(store, {
      ...{ ...SHAPE, patients: 1, patchesPerPatient: 60, seed: 6, patientKeys: ['unknown'] },
      ...{ unit: 'NONE', hasPlaces: false, givenOf, split: { strategy: 'PUBLISHED' } },
    });
    const run = await launchTestRun(store, bench);
    await finishTestRun(store, run);
    const { scored, x } = await loadScored(store, { runId: run.id, subset: 'VALIDATION' });
    expect(scored.labels.length).toBe(bench.split.validationPatches);
    expect(new Set(x).size).toBe(scored.labels.length);
  });

  it('that tells slides is split by slide, and by what is published where that keeps slides apart', async () => {
    const { datasetId } = await insertDataset(store, {
      ...{ ...SHAPE, seed: 7, unit: 'SLIDE' },
      givenOf: ({ patient }) => (patient < 7 ? 'TRAIN' : 'TEST'),
    });
    const [own] = await createSplit(store, { datasetId, strategy: 'PATIENT_STRATIFIED' });
    expect(own).toMatchObject({ kind: 'PATIENT', name: 'Stratified by slide, seed 1' });
    const [published] = await createSplit(store, { datasetId, strategy: 'PUBLISHED' });
    expect(published).toMatchObject({ kind: 'PATIENT', testPatients: 3, name: "Publisher's split" });
    expect(published!.trainPatients + published!.validationPatients).toBe(7);
  });
});
