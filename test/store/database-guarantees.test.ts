/** Each guarantee of the database, proved by trying to break it in SQL past all of our code. */

import { openTest } from '@microtome/store/evaluations';
import { launchRun } from '@microtome/store/run-lifecycle';
import { createSplit } from '@microtome/store/splits';
import type { Store } from '@microtome/store/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertDataset } from '../fixtures/dataset.ts';
import { type Bench, createBench, finishTestRun, launchTestRun } from '../fixtures/run.ts';
import { createTestStore, type TestStore } from '../test-store.ts';

const HASH = 'a'.repeat(64);

let test: TestStore;
let store: Store;
let bench: Bench;
let runId: string;

beforeAll(async () => {
  test = await createTestStore();
  store = test.store;
  bench = await createBench(store);
  const run = await launchTestRun(store, bench);
  await finishTestRun(store, run);
  runId = run.id;
});
afterAll(() => test.close());

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

  it('holds patients of its own data set only', async () => {
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

describe('a data set', () => {
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
      'update patch set label = 1 - label where dataset_id = $1',
      [bench.datasetId],
      /never change/,
    );
    await expectRefusal(
      'delete from patch where dataset_id = $1',
      [bench.datasetId],
      /go with their data set/,
    );
    await expectRefusal(
      `insert into patch select dataset_id, index + 1000, slide_id, x + 1000, y, width_px, height_px, label,
         pixel_hash, byte_offset from patch where dataset_id = $1`,
      [bench.datasetId],
      /beyond the number of patches/,
    );
  });

  it('has patches of known labels and on its own slides', async () => {
    await expectRefusal('update patch set label = 2 where dataset_id = $1', [bench.datasetId]);
    const { rows } = await query(
      `select conname from pg_constraint where conname in ('patch_label_check', 'patch_slide_id_dataset_id_fkey')`,
    );
    expect(rows).toHaveLength(2);
  });
});

describe('a run', () => {
  it('takes no status, range or arrow that is not drawn', async () => {
    for (const change of [
      `status = 'DONE'`,
      `status = 'QUEUED', finished_at = null`,
      `status = 'RUNNING', finished_at = null`,
      `status = 'FAILED', error = 'x'`,
      'attempt = 0',
      'epochs_done = 0',
      'best_epoch = 7',
      'finished_at = null',
      'threshold = null',
      `threshold = 'NaN'`,
      `name = '  '`,
      'seed = -1',
    ]) {
      await expectRefusal(`update run set ${change} where id = $1`, [runId]);
    }
  });

  it('keeps what it was asked to do', async () => {
    for (const change of [
      `hyperparameters = '{}'`,
      'seed = 2',
      `architecture = 'deep'`,
      'split_id = gen_random_uuid()',
    ]) {
      await expectRefusal(`update run set ${change} where id = $1`, [runId], /never changes/);
    }
  });

  it('stands on a split of its own data set, and of the kind that the split is', async () => {
    const insertCopy = (change: string) =>
      `insert into run select (jsonb_populate_record(run, jsonb_build_object('id', gen_random_uuid(), 'last_seq', 0)
         || ${change})).* from run where id = $1`;
    await expectRefusal(insertCopy(`'{"split_kind": "PATCH"}'`), [runId], /violates foreign key/);
    const elsewhere = await createBench(store, { seed: 3 });
    await expectRefusal(
      insertCopy(`'{"split_id": "${elsewhere.split.id}"}'`),
      [runId],
      /violates foreign key/,
    );
  });

  it('has one unfinished attempt at most', async () => {
    const run = await launchTestRun(store, bench);
    const insert = `insert into run_attempt (run_id, number, worker_id) values ($1, $2, 'w')`;
    await query(insert, [run.id, 1]);
    await expectRefusal(insert, [run.id, 2], /run_attempt_unfinished_key/);
  });

  it('takes finite numbers once, and never changes them', async () => {
    const insert = `insert into metric (run_id, name, epoch, step, value) values ($1, $2, 1, 0, $3)`;
    for (const value of ['NaN', 'Infinity', '-Infinity']) {
      await expectRefusal(insert, [runId, 'x', value], /metric_value_check/);
    }
    await expectRefusal(insert, [runId, 'train.loss', 1], /metric_pkey/);
    await expectRefusal('update metric set value = 0 where run_id = $1', [runId], /never change/);
    await expectRefusal('delete from metric where run_id = $1', [runId], /go with their run/);
  });
});

describe('the events of a run', () => {
  it('are numbered without gaps by many writers at once, whatever number they ask for', async () => {
    const run = await launchTestRun(store, bench);
    const insert = `insert into run_event (run_id, seq, kind, attempt, payload) values ($1, 99, 'LOG', 0, '{}')`;
    await Promise.all(Array.from({ length: 20 }, () => query(insert, [run.id])));
    // One that is rolled back leaves no gap either.
    await expectRefusal(`${insert.replace("'{}'", "'[]'")}`, [run.id], /run_event_payload_check/);
    await query(insert, [run.id]);
    const { rows } = await query('select seq from run_event where run_id = $1 order by seq', [run.id]);
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 22 }, (_, at) => at + 1));
  });

  it('never change or vanish, and their counter cannot be set by hand', async () => {
    await expectRefusal(`update run_event set payload = '{}' where run_id = $1`, [runId], /never change/);
    await expectRefusal('delete from run_event where run_id = $1', [runId], /go with their run/);
    await expectRefusal('truncate run_event', [], /never emptied/);
    await expectRefusal('update run set last_seq = last_seq + 1 where id = $1', [runId], /by inserting them/);
    await expectRefusal('update run set last_seq = 0 where id = $1', [runId], /by inserting them/);
  });
});

describe('the seal on TEST', () => {
  const evaluation = `insert into evaluation (run_id, subset, threshold, metrics, intervals, draws)
    values ($1, 'TEST', 0.5, '{}', '{}', 0)`;

  it('refuses an evaluation on TEST before it was opened', async () => {
    await expectRefusal(evaluation, [runId], /is sealed/);
    await expectRefusal(`update evaluation set subset = 'TEST' where run_id = $1`, [runId], /is sealed/);
  });

  it('is opened only for a run that succeeded, on its own split, by somebody, for a reason', async () => {
    const queued = await launchTestRun(store, bench);
    const insert = `insert into test_opening (id, split_id, run_id, run_name, opened_by, reason)
      values (gen_random_uuid(), $1, $2, 'x', $3, $4)`;
    await expectRefusal(insert, [bench.split.id, queued.id, 'me', 'why'], /SUCCEEDED run/);
    await expectRefusal(insert, [bench.split.id, runId, 'me', ' '], /test_opening_who_check/);
    await expectRefusal(insert, [bench.split.id, runId, '', 'why'], /test_opening_who_check/);
  });

  it('stays broken for all to see, also when the run is deleted', async () => {
    const run = await launchTestRun(store, bench);
    await finishTestRun(store, run);
    await openTest(store, { runId: run.id, reason: 'a finalist', openedBy: 'me' });
    await expectRefusal(
      `update test_opening set reason = 'other' where run_id = $1`,
      [run.id],
      /never changes/,
    );
    await expectRefusal('update test_opening set run_id = null where run_id = $1', [run.id], /never changes/);
    await expectRefusal('delete from test_opening where run_id = $1', [run.id], /stays as long as its split/);
    await query('delete from run where id = $1', [run.id]);
    const { rows } = await query('select * from test_opening where split_id = $1 and run_id is null', [
      bench.split.id,
    ]);
    expect(rows).toMatchObject([{ run_name: run.name, opened_by: 'me', reason: 'a finalist' }]);
  });
});

describe('a model', () => {
  it('has versions of runs that succeeded only, of the kind of split that they stand on', async () => {
    const modelId = await insertModel();
    const queued = await launchTestRun(store, bench);
    await expectRefusal(insertVersion(), [modelId, queued.id, 'PATIENT', 1], /Only a SUCCEEDED run/);
    await expectRefusal(insertVersion(), [modelId, runId, 'PATCH', 1], /violates foreign key/);
  });

  it('has one champion, put there by an allowed promotion of its own', async () => {
    const modelId = await insertModel();
    const versionId = await insertVersionOf(modelId, runId, 'PATIENT');
    const promotionId = await promote({ modelId, versionId, splitKind: 'PATIENT', allowed: true });
    const refusedId = await promote({ modelId, versionId, splitKind: 'PATIENT', allowed: false });
    const point = `insert into alias (model_id, name, promotion_id, allowed) values ($1, $2, $3, $4)`;
    await expectRefusal(point, [modelId, 'champion', refusedId, true], /violates foreign key/);
    await expectRefusal(point, [modelId, 'champion', refusedId, false], /alias_allowed_check/);
    await expectRefusal(point, [modelId, 'other', promotionId, true], /violates foreign key/);
    await query(point, [modelId, 'champion', promotionId, true]);
    const again = await promote({ modelId, versionId, splitKind: 'PATIENT', allowed: true });
    await expectRefusal(point, [modelId, 'champion', again, true], /alias_pkey/);
    const foreign = await insertModel();
    await expectRefusal(point, [foreign, 'champion', again, true], /violates foreign key/);
  });

  it('can never promote a run on an unsafe split, by any path', async () => {
    const [unsafe] = await createSplit(store, {
      datasetId: bench.datasetId,
      strategy: 'RANDOM_PATCH',
      seed: 2,
    });
    const run = await launchRun(store, {
      experimentId: bench.experimentId,
      splitId: unsafe!.id,
      hyperparameters: { width: 0.25 },
    });
    await finishTestRun(store, run);
    const modelId = await insertModel();
    const versionId = await insertVersionOf(modelId, run.id, 'PATCH');
    await expect(promote({ modelId, versionId, splitKind: 'PATCH', allowed: true })).rejects.toThrow(
      /promotion_split_check/,
    );
    await expect(promote({ modelId, versionId, splitKind: 'PATIENT', allowed: true })).rejects.toThrow(
      /violates foreign key/,
    );
    await expectRefusal(
      `update model_version set split_kind = 'PATIENT' where id = $1`,
      [versionId],
      /foreign key|never change/,
    );
    await expectRefusal(`update run set split_kind = 'PATIENT' where id = $1`, [run.id], /never changes/);
    await promote({ modelId, versionId, splitKind: 'PATCH', allowed: false });
  });

  it('keeps every promotion on record', async () => {
    await expectRefusal(`update promotion set reason = 'other'`, [], /never change/);
    await expectRefusal('delete from promotion', [], /stays on record|foreign key/);
    await expectRefusal('truncate promotion cascade', [], /never emptied/);
  });
});

describe('names and hashes', () => {
  it('are refused when blank or malformed', async () => {
    await expectRefusal(
      `insert into artifact (hash, bytes, media_type) values ('../etc', 1, 'x')`,
      [],
      /hash_check/,
    );
    await expectRefusal(
      `insert into patient (id, source, key) values (gen_random_uuid(), 'IDC', ' ')`,
      [],
      /key_check/,
    );
    await expectRefusal(
      `insert into experiment (id, dataset_id, name) values (gen_random_uuid(), $1, '')`,
      [bench.datasetId],
      /experiment_name_check/,
    );
    await expectRefusal(
      `insert into run_artifact (run_id, role, artifact_hash) values ($1, 'SECRETS', $2)`,
      [runId, HASH],
      /role_check/,
    );
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

async function insertModel(): Promise<string> {
  const { rows } = await query(
    `insert into model (id, name, policy) values (gen_random_uuid(), 'm-' || gen_random_uuid(), '{}') returning id`,
  );
  return rows[0].id;
}

function insertVersion(): string {
  return `insert into model_version (id, model_id, run_id, split_kind, number)
    values (gen_random_uuid(), $1, $2, $3, $4) returning id`;
}

async function insertVersionOf(modelId: string, ofRunId: string, splitKind: string): Promise<string> {
  const { rows } = await query(insertVersion(), [modelId, ofRunId, splitKind, 1]);
  return rows[0].id;
}

type NewPromotion = { modelId: string; versionId: string; splitKind: string; allowed: boolean };

async function promote({ modelId, versionId, splitKind, allowed }: NewPromotion): Promise<string> {
  const { rows } = await query(
    `insert into promotion (id, model_id, version_id, split_kind, alias_name, allowed, verdict, reason, promoted_by)
     values (gen_random_uuid(), $1, $2, $3, 'champion', $4, '{}', 'because', 'me') returning id`,
    [modelId, versionId, splitKind, allowed],
  );
  return rows[0].id;
}
