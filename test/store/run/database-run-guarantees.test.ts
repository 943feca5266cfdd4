/** Each guarantee of the database on runs, their events and the seal on TEST, proved by trying to break it in SQL past all of our code. */
import { openTest } from '@microtome/store/evaluation/evaluations';
import { describe, expect, it } from 'vitest';
import { createBench, finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { openBench } from '../open-bench.ts';

const HASH = 'a'.repeat(64);

const { store, bench } = await openBench();
const run = await launchTestRun(store, bench);
await finishTestRun(store, run);
const runId = run.id;

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
      `backend = 'auto'`,
      `backend = 'a b'`,
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

  it('stands on a split of its own dataset, and of the kind that the split is', async () => {
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
    const insert = `insert into metric (run_id, owner, name, epoch, step, value) values ($1, 'EXTERNAL', $2, 1, 0, $3)`;
    await query(insert, [runId, 'x', 1]);
    for (const value of ['NaN', 'Infinity', '-Infinity']) {
      await expectRefusal(insert, [runId, 'y', value], /is not finite/);
    }
    await expectRefusal(insert, [runId, 'x', 1], /is there already/);
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

  it('is opened only for a run that succeeded, on its own split, by a person, for a reason', async () => {
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

describe('names and hashes', () => {
  it('are refused when blank or malformed', async () => {
    await expectRefusal(
      `insert into artifact (hash, bytes, media_type) values ('../../etc', 1, 'x')`,
      [],
      /hash_check/,
    );
    await expectRefusal(
      `insert into patient (id, source, key) values (gen_random_uuid(), 'IDC', ' ')`,
      [],
      /key_check/,
    );
    await expectRefusal(
      `insert into experiment (id, dataset_id, task_id, name)
       select gen_random_uuid(), dataset_id, id, '' from task where dataset_id = $1`,
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
