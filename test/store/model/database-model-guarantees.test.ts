/** Each guarantee of the database on models, promotions and aliases, proved by trying to break it in SQL past all of our code. */
import { openTest } from '@microtome/store/evaluation/evaluations';
import { launchRun } from '@microtome/store/run/run-lifecycle';
import { createSplit } from '@microtome/store/split/create-split';
import { describe, expect, it } from 'vitest';
import { finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { openBench } from '../open-bench.ts';

const POINT = `insert into alias (model_id, name, promotion_id, allowed) values ($1, $2, $3, $4)`;
const POLICY = `insert into promotion_policy (model_id, version, policy, reason, changed_by)
  values ($1, $2, '{}', 'because', 'me')`;
const ACT = `with act as (
  insert into promotion (id, model_id, version_id, split_kind, alias_name, allowed, overridden, verdict,
    policy_version, act, from_version_id, number, reason, promoted_by)
  values (gen_random_uuid(), $1::uuid, $2::uuid, $3, 'champion', $4, $5, $6, $7, $8::text, case $8::text when 'DEMOTE' then $2::uuid end,
    coalesce($9::int, (select coalesce(max(number), 0) + 1 from promotion where model_id = $1::uuid)), 'because', 'me')
  returning id, model_id, alias_name)`;

const { store, bench } = await openBench();
const run = await launchTestRun(store, bench);
await finishTestRun(store, run);
await openTest(store, { runId: run.id, reason: 'a finalist' });
const runId = run.id;

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
    const refusedId = await act({ modelId, versionId, allowed: false });
    await expectRefusal(POINT, [modelId, 'champion', refusedId, true], /violates foreign key/);
    await expectRefusal(POINT, [modelId, 'champion', refusedId, false], /alias_allowed_check/);
    const promotionId = await promote({ modelId, versionId });
    await expectRefusal(POINT, [modelId, 'other', promotionId, true], /alias_promotion_id_key/);
    await expectRefusal(POINT, [modelId, 'champion', promotionId, true], /alias_pkey/);
    const foreign = await insertModel();
    await expectRefusal(POINT, [foreign, 'champion', promotionId, true], /alias_promotion_id_key/);
  });

  it('has its alias where the newest act on record put it, in the same transaction or not at all', async () => {
    const modelId = await insertModel();
    const versionId = await insertVersionOf(modelId, runId, 'PATIENT');
    const moved = /not where the newest promotion on record put it/;
    await expect(act({ modelId, versionId })).rejects.toThrow(moved);
    await promote({ modelId, versionId });
    await expectRefusal('delete from alias where model_id = $1', [modelId], moved);
    await expect(act({ modelId, versionId, act: 'DEMOTE' })).rejects.toThrow(moved);
    await expect(act({ modelId, versionId, act: 'DEMOTE', allowed: false })).rejects.toThrow(
      /promotion_demote_check/,
    );
  });

  it('can never promote against a rule of safety, nor against one of quality without an override', async () => {
    const modelId = await insertModel();
    const versionId = await insertVersionOf(modelId, runId, 'PATIENT');
    const failing = (kind: string) => [{ rule: 'some', kind, passed: false }];
    const safety = { modelId, versionId, rules: failing('safety') };
    await expect(act(safety)).rejects.toThrow(/promotion_safety_check/);
    await expect(act({ ...safety, overridden: true })).rejects.toThrow(/promotion_safety_check/);
    const quality = { modelId, versionId, rules: failing('quality') };
    await expect(act(quality)).rejects.toThrow(/promotion_quality_check/);
    await expect(act({ ...quality, act: 'ROLL_BACK', overridden: true })).rejects.toThrow(
      /promotion_overridable_check/,
    );
    await expect(act({ modelId, versionId, rules: [] })).rejects.toThrow(/promotion_judged_check/);
    await promote({ ...quality, overridden: true });
    await promote({ modelId, versionId, rules: failing('warning') });
  });

  it('can never promote a version whose TEST is not evaluated, or whose audit failed', async () => {
    const modelId = await insertModel();
    const sealed = await launchTestRun(store, bench);
    await finishTestRun(store, sealed);
    const sealedId = await insertVersionOf(modelId, sealed.id, 'PATIENT');
    await expect(act({ modelId, versionId: sealedId })).rejects.toThrow(/only once its TEST is evaluated/);
    const [split] = await createSplit(store, {
      datasetId: bench.datasetId,
      strategy: 'PATIENT_STRATIFIED',
      seed: 7,
    });
    const leaking = await launchTestRun(store, { ...bench, split: split! });
    await finishTestRun(store, leaking);
    await openTest(store, { runId: leaking.id, reason: 'to see' });
    await query(`update split set audit = '{"passed": false}' where id = $1`, [split!.id]);
    const other = await insertModel();
    const versionId = await insertVersionOf(other, leaking.id, 'PATIENT');
    await expect(act({ modelId: other, versionId })).rejects.toThrow(/never on a split whose audit failed/);
    await act({ modelId: other, versionId, allowed: false });
  });

  it('numbers its acts and its policies without gaps, and is judged by the policy in force', async () => {
    const modelId = await insertModel();
    const versionId = await insertVersionOf(modelId, runId, 'PATIENT');
    await expect(act({ modelId, versionId, allowed: false, number: 2 })).rejects.toThrow(/does not follow/);
    await expectRefusal(POLICY, [modelId, 3], /does not follow/);
    await query(POLICY, [modelId, 2]);
    await expect(act({ modelId, versionId, allowed: false })).rejects.toThrow(/is not in force/);
    await act({ modelId, versionId, allowed: false, policyVersion: 2 });
    await expectRefusal(`update promotion_policy set reason = 'other'`, [], /never change/);
    await expectRefusal('delete from promotion_policy', [], /stays on record|foreign key/);
    await expectRefusal('truncate promotion_policy cascade', [], /never emptied/);
  });

  it('rests on a TEST that is evaluated once', async () => {
    await expectRefusal(
      `update evaluation set metrics = '{}' where subset = 'TEST'`,
      [],
      /is evaluated once/,
    );
    await expectRefusal(`delete from evaluation where subset = 'TEST'`, [], /is evaluated once/);
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
    await openTest(store, { runId: run.id, reason: 'to show the inflation' });
    await expect(act({ modelId, versionId, splitKind: 'PATCH' })).rejects.toThrow(/promotion_split_check/);
    await expect(act({ modelId, versionId, splitKind: 'PATIENT' })).rejects.toThrow(/violates foreign key/);
    await expectRefusal(
      `update model_version set split_kind = 'PATIENT' where id = $1`,
      [versionId],
      /foreign key|never change/,
    );
    await expectRefusal(`update run set split_kind = 'PATIENT' where id = $1`, [run.id], /never changes/);
    await act({ modelId, versionId, splitKind: 'PATCH', allowed: false });
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
    `insert into model (id, name) values (gen_random_uuid(), 'm-' || gen_random_uuid()) returning id`,
  );
  await query(POLICY, [rows[0].id, 1]);
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

type NewAct = {
  modelId: string;
  versionId: string;
  act?: string;
  splitKind?: string;
  allowed?: boolean;
  overridden?: boolean;
  rules?: object[];
  number?: number;
  policyVersion?: number;
};

/** The statement alone: its alias stays where it is. */
async function act(row: NewAct): Promise<string> {
  const { rows } = await query(`${ACT} select id from act`, listActValues(row));
  return rows[0].id;
}

/** The statement and the alias that goes with it. */
async function promote(row: NewAct): Promise<string> {
  const { rows } = await query(
    `${ACT} insert into alias (model_id, name, promotion_id) select model_id, alias_name, id from act
     on conflict (model_id, name) do update set promotion_id = excluded.promotion_id returning promotion_id as id`,
    listActValues(row),
  );
  return rows[0].id;
}

function listActValues(row: NewAct): unknown[] {
  const { splitKind = 'PATIENT', allowed = true, overridden = false, policyVersion = 1 } = row;
  const verdict = { rules: row.rules ?? [{ rule: 'honest-split', kind: 'safety', passed: true }] };
  const { modelId, versionId, number = null } = row;
  const name = row.act ?? 'PROMOTE';
  return [modelId, versionId, splitKind, allowed, overridden, verdict, policyVersion, name, number];
}
