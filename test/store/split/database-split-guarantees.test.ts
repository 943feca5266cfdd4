/** Each guarantee of the database on datasets and splits, proved by trying to break it in SQL past all of our code. */
import { createSplit } from '@microtome/store/split/create-split';
import { describe, expect, it } from 'vitest';
import { insertDataset } from '../../fixtures/dataset.ts';
import { openBench } from '../open-bench.ts';

const HASH = 'a'.repeat(64);

const { store, bench } = await openBench();

describe('a split', () => {
  it('cannot have a patient on two sides', async () => {
    await expectRefusal(
      `insert into split_patient select split_id, patient_id, split_kind, dataset_id, 'TEST'
       from split_patient where split_id = $1 and subset = 'TRAIN' limit 1`,
      [bench.split.id],
      /split_patient_pkey/,
    );
  });

  it('never takes up another patient', async () => {
    const split = await makePublishedSplit();
    const { rows } = await query(
      `select patient_id from dataset_patient where dataset_id = $1
       and patient_id not in (select patient_id from split_patient where split_id = $2)`,
      [split.datasetId, split.id],
    );
    expect(rows.length).toBeGreaterThan(0);
    await expectRefusal(
      `insert into split_patient values ($1, $2, 'PATIENT', $3, 'TEST')`,
      [split.id, rows[0].patient_id, split.datasetId],
      /no patient is added/,
    );
  });

  it('never loses or moves a patient', async () => {
    await expectRefusal(
      'delete from split_patient where split_id = $1',
      [bench.split.id],
      /leaves a split only/,
    );
    await expectRefusal(
      `update split_patient set subset = 'TEST' where split_id = $1`,
      [bench.split.id],
      /never change/,
    );
  });

  it('never changes, but for its name and audit', async () => {
    for (const change of ['seed = 9', `digest = '${HASH}'`, 'train_patches = 1', `fractions = '{}'`]) {
      await expectRefusal(`update split set ${change} where id = $1`, [bench.split.id], /never changes/);
    }
    await expectRefusal(`update split set kind = 'PATCH', strategy = 'RANDOM_PATCH' where id = $1`, [
      bench.split.id,
    ]);
    await query(`update split set name = 'renamed', audit = '{"passed": true}' where id = $1`, [
      bench.split.id,
    ]);
  });

  it('cannot state other patients than it has, nor have an empty side', async () => {
    const copy = (change: string) => `insert into split
      select (jsonb_populate_record(split, jsonb_build_object('id', gen_random_uuid(), 'digest', '${HASH}') || ${change})).*
      from split where id = $1`;
    await expectRefusal(copy(`'{}'`), [bench.split.id], /but has 0, 0 and 0/);
    await expectRefusal(copy(`'{"test_patients": 0}'`), [bench.split.id], /split_patients_check/);
    await expectRefusal(
      copy(`'{"test_patches": 0, "test_positives": 0}'`),
      [bench.split.id],
      /split_patches_check/,
    );
    await expectRefusal(copy(`'{"kind": "PATCH"}'`), [bench.split.id], /split_unsafe_check/);
  });

  it('by patch has no patient rows', async () => {
    const [unsafe] = await createSplit(store, { datasetId: bench.datasetId, strategy: 'RANDOM_PATCH' });
    for (const kind of ['PATCH', 'PATIENT']) {
      await expectRefusal(
        `insert into split_patient select $1, patient_id, $2, dataset_id, 'TRAIN'
         from dataset_patient where dataset_id = $3 limit 1`,
        [unsafe!.id, kind, bench.datasetId],
        /split_patient_kind_check|violates foreign key/,
      );
    }
  });

  it('holds patients of its own dataset only', async () => {
    const elsewhere = await insertDataset(store, {
      patients: 3,
      patchesPerPatient: 4,
      patchSizePx: 4,
      seed: 5,
    });
    await expectRefusal(
      `insert into split_patient select $1, patient_id, 'PATIENT', dataset_id, 'TRAIN'
       from dataset_patient where dataset_id = $2 limit 1`,
      [bench.split.id, elsewhere.datasetId],
    );
  });
});

describe('a dataset', () => {
  it('is written whole or not at all', async () => {
    await expectRefusal(
      `insert into dataset select (jsonb_populate_record(dataset, jsonb_build_object('id', gen_random_uuid(),
         'name', 'copy', 'digest', '${HASH}'))).* from dataset where id = $1`,
      [bench.datasetId],
      /but holds 0 of 0/,
    );
  });

  it('never changes afterwards', async () => {
    await expectRefusal(
      'update dataset set patch_count = 1 where id = $1',
      [bench.datasetId],
      /never changes/,
    );
    await expectRefusal(
      'update patch set class = 1 - class where dataset_id = $1',
      [bench.datasetId],
      /never change/,
    );
    await expectRefusal(
      'delete from patch where dataset_id = $1',
      [bench.datasetId],
      /go with their data set/,
    );
    await expectRefusal(
      `insert into patch select dataset_id, index + 1000, slide_id, x + 1000, y, width_px, height_px, class,
         pixel_hash, byte_offset from patch where dataset_id = $1`,
      [bench.datasetId],
      /beyond the number of patches/,
    );
  });

  it('has patches of its own classes and on its own slides', async () => {
    await expectRefusal('update patch set class = 2 where dataset_id = $1', [bench.datasetId]);
    const { rows } = await query(
      `select conname from pg_constraint where conname in ('patch_dataset_id_class_fkey', 'patch_slide_id_dataset_id_fkey')`,
    );
    expect(rows).toHaveLength(2);
  });
});

async function query(statement: string, values: unknown[] = []) {
  return store.database.pool.query(statement, values);
}

async function expectRefusal(
  statement: string,
  values: unknown[] = [],
  message: RegExp = /./,
): Promise<void> {
  await expect(query(statement, values)).rejects.toThrow(message);
}

/** Two patients of each published list, and one that is in none. */
async function makePublishedSplit() {
  const patientKeys = ['8865', '8913', '8867', '8914', '8864', '8916', '99999'];
  const { datasetId } = await insertDataset(store, {
    patients: patientKeys.length,
    patientKeys,
    patchesPerPatient: 6,
    patchSizePx: 4,
    seed: 9,
  });
  const [split] = await createSplit(store, { datasetId, strategy: 'CRUZ_ROA_2014' });
  return split!;
}
