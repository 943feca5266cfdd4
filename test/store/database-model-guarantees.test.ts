/** Each guarantee of the database on models, promotions and aliases, proved by trying to break it in SQL past all of our code. */
import { launchRun } from '@microtome/store/run-lifecycle';
import { createSplit } from '@microtome/store/splits';
import type { Store } from '@microtome/store/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, createBench, finishTestRun, launchTestRun } from '../fixtures/run.ts';
import { createTestStore, type TestStore } from '../test-store.ts';

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
