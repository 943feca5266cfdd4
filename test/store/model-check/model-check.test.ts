/** What a check of an external model is asked, by whom it is held, and what the database lets be made of a model. */
import { CHECK_TOLERANCE, type CheckFinding } from '@microtome/domain/model-check/model-check';
import { openTest } from '@microtome/store/evaluation/evaluations';
import { createExperiment } from '@microtome/store/experiment/experiments';
import { reopenExternalRun } from '@microtome/store/external-run/external-runs';
import { deleteRunFiles } from '@microtome/store/external-run/run-files';
import type { ModelCheck, Run } from '@microtome/store/generated/prisma/client';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { judgeModelVersion, promoteModelVersion } from '@microtome/store/model/promotions';
import {
  cancelModelCheck,
  checkLease,
  claimModelCheck,
  findExternalModel,
  finishModelCheck,
  requestModelCheck,
} from '@microtome/store/model-check/model-checks';
import { deleteRun } from '@microtome/store/run/runs';
import { createSplit } from '@microtome/store/split/create-split';
import { openStore } from '@microtome/store/store';
import { afterAll, describe, expect, it } from 'vitest';
import { insertDataset } from '../../fixtures/dataset.ts';
import { putModel, recordExternalRun, writeModel } from '../../fixtures/external-run/external-model.ts';
import { finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { createTestStore } from '../../test-store.ts';

/** Shorter than any server of a test has been up: one that just started takes no silence for an end. */
const STALE_AFTER_MS = 100;
const SIGNATURE = {
  input: { name: 'image', type: 'float32', shape: ['N', 16, 16, 3] },
  output: { name: 'answer', type: 'float32', shape: ['N', 1] },
};
const test = await createTestStore();
const { store } = test;
const other = await openStore(test);
const dataset = await insertDataset(store, { patients: 10, patchesPerPatient: 12, patchSizePx: 16, seed: 1 });
const { datasetId } = dataset;
const [split] = await createSplit(store, { datasetId, strategy: 'PATIENT_STRATIFIED', seed: 1 });
const bench = { dataset, split: split! };
const ours = await launchWorkersRun();
const { pool, prisma } = store.database;
let models = 0;

afterAll(async () => {
  await other.close();
  await test.close();
});

describe('a check', () => {
  it('is asked for once, and again in another way in place of the first', async () => {
    const run = await recordExternalRun(store, bench);
    const first = await requestModelCheck(store, { runId: run.id, requestedBy: 'Ada' });
    expect(first).toMatchObject({
      status: 'QUEUED',
      requestedBy: 'Ada',
      modelInput: { layout: 'NHWC', scale: 1 },
    });
    expect((await requestModelCheck(other, { runId: run.id })).id).toBe(first.id);
    const second = await requestModelCheck(store, { runId: run.id, input: { layout: 'NCHW' } });
    expect(second.id).not.toBe(first.id);
    expect(await prisma.modelCheck.findUnique({ where: { id: first.id } })).toMatchObject({
      status: 'CANCELED',
    });
    expect(await cancelModelCheck(store, run.id)).toMatchObject({ id: second.id, status: 'CANCELED' });
    await expect(cancelModelCheck(store, run.id)).rejects.toThrow('it has CANCELED already');
    // How it is fed is remembered.
    expect((await requestModelCheck(store, { runId: run.id })).modelInput).toMatchObject({ layout: 'NCHW' });
    await cancelModelCheck(store, run.id);
  });

  it('is refused in a sentence without file, without predictions, for a worker’s run, and fed impossibly', async () => {
    const bare = await recordExternalRun(store, bench, { name: 'without a file', file: null });
    await expect(requestModelCheck(store, { runId: bare.id })).rejects.toThrow(
      "Run 'without a file' has no model.onnx: upload the file, then have it checked.",
    );
    await expect(requestModelCheck(store, { runId: ours.id })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const run = await recordExternalRun(store, bench, { name: 'fed impossibly' });
    for (const [input, sentence] of [
      [{ layout: 'CHWN' }, /layout: /],
      [{ std: [1, 0, 1] }, /std: must be above 0/],
      [{ temperature: 2 }, /temperature: divides logits/],
      [{ channels: 3 }, /channels/],
    ] as const) {
      await expect(requestModelCheck(store, { runId: run.id, input })).rejects.toThrow(sentence);
    }
    expect(await prisma.modelCheck.count({ where: { runId: run.id } })).toBe(0);
    const { rows } = await pool.query(
      `select hash from artifact join run_file on hash = artifact_hash where run_id = $1`,
      [run.id],
    );
    await pool.query('update artifact set bytes = 1073741825 where hash = $1', [rows[0].hash]);
    await expect(requestModelCheck(store, { runId: run.id })).rejects.toThrow(
      'has 1073741825 bytes: at most',
    );
    await pool.query('update artifact set bytes = $2 where hash = $1', [rows[0].hash, writeModel().length]);
  });

  it('that was canceled has no verdict, however late its worker hears of it', async () => {
    const run = await recordExternalRun(store, bench);
    await requestModelCheck(store, { runId: run.id });
    const claimed = (await claimModelCheck(store, { workerId: 'w' }))!;
    await cancelModelCheck(store, run.id);
    const report = { finding: find(0), signature: SIGNATURE };
    expect(await finishModelCheck(store, { ...claimed, ...report })).toBe(false);
    expect((await findExternalModel(store, run.id)).check).toMatchObject({ status: 'CANCELED' });
  });

  it('is taken again when its worker falls silent, and commits under its own attempt alone', async () => {
    const run = await recordExternalRun(store, bench);
    const { id } = await requestModelCheck(store, { runId: run.id });
    const claimed = (await claimModelCheck(store, { workerId: 'lost' }))!;
    expect(claimed).toMatchObject({ id, attempt: 1, status: 'RUNNING' });
    await pool.query(`update model_check set heartbeat_at = now() - interval '1 day' where id = $1`, [id]);
    const again = (await claimModelCheck(other, { workerId: 'next', staleAfterMs: STALE_AFTER_MS }))!;
    expect(again).toMatchObject({ id, attempt: 2, lostAttempts: 1 });
    const report = { finding: find(0), signature: SIGNATURE };
    expect(await finishModelCheck(store, { ...claimed, ...report })).toBe(false);
    expect(await checkLease.heartbeat(store, { ...claimed, patchesDone: 0 })).toEqual({ fenced: true });
    expect(await finishModelCheck(store, { ...again, ...report })).toBe(true);
    expect((await requestModelCheck(store, { runId: run.id })).id).toBe(id);
    await expect(requestModelCheck(store, { runId: run.id, input: { layout: 'NCHW' } })).rejects.toThrow(
      'has passed its check, fed in another way',
    );
    expect(await claimModelCheck(store, { workerId: 'w' })).toBeNull();
  });

  it('ends when its file is replaced, and that of the old file counts for nothing', async () => {
    const run = await recordExternalRun(store, bench);
    await requestModelCheck(store, { runId: run.id });
    await putModel(store, { runId: run.id, file: writeModel({ weights: [1, 2, 3] }) });
    expect(await findExternalModel(store, run.id)).toMatchObject({ check: { status: 'CANCELED' } });
    await putModel(store, { runId: run.id, file: writeModel() });
    await check(run, 0);
    expect((await findExternalModel(store, run.id)).refusal).toBeNull();
    await putModel(store, { runId: run.id, file: writeModel({ weights: [1, 2, 3] }) });
    const { refusal } = await findExternalModel(store, run.id);
    expect(refusal?.message).toContain('was replaced after the check. Have the new one checked.');
    await expect(register(run)).rejects.toThrow('was replaced after the check');
    // What passed has passed, when it comes back.
    await putModel(store, { runId: run.id, file: writeModel() });
    expect((await findExternalModel(store, run.id)).refusal).toBeNull();
  });
});

describe('a model', () => {
  it('becomes a version after its check alone, is told so at the gate, and its file stays from then on', async () => {
    const run = await recordExternalRun(store, bench);
    await expect(register(run)).rejects.toThrow('was not checked yet. Have it checked.');
    await requestModelCheck(store, { runId: run.id });
    await expect(register(run)).rejects.toThrow('waits for a worker');
    await check(run, 0.25);
    await expect(register(run)).rejects.toThrow(
      /did not pass its check\. Its probabilities .* differ by up to 0\.250/,
    );
    await check(run, 4e-6);
    const version = await register(run);
    const rule = await findRule(version.id);
    expect(rule).toMatchObject({
      kind: 'safety',
      passed: true,
      figure: { maxDifference: 4e-6, tolerance: CHECK_TOLERANCE },
    });
    expect(rule?.sentence).toContain('A worker computed 48 probabilities of VALIDATION and TEST once more');
    await expect(
      putModel(store, { runId: run.id, file: writeModel({ weights: [0, 0, 0] }) }),
    ).rejects.toThrow('its model.onnx stays as it is');
    await expect(deleteRunFiles(store, { runId: run.id, path: 'model.onnx' })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await putModel(store, { runId: run.id, file: writeModel() });
    await expect(reopenExternalRun(store, run.id)).rejects.toMatchObject({ code: 'CONFLICT' });
    await openTest(store, { runId: run.id, reason: 'the paper' });
    const act = { versionId: version.id, reason: 'because', override: true };
    expect(await promoteModelVersion(store, act)).toMatchObject({ allowed: true });
  });

  it('is held by the database: no version, exam or promotion without it, and nothing of it changes', async () => {
    const run = await recordExternalRun(store, bench);
    const insertVersion = async () => {
      const model = await createModel(store, { name: `by-sql-${models++}` });
      return pool.query(
        `insert into model_version (id, model_id, run_id, split_kind, number) values (gen_random_uuid(), $1, $2, 'PATIENT', 1)`,
        [model.id, run.id],
      );
    };
    const refusal = 'is EXTERNAL, and its model.onnx has not passed a check';
    await expect(insertVersion()).rejects.toThrow(refusal);
    const exam = `insert into external_evaluation (id, run_id, dataset_id, threshold, requested_by)
      values (gen_random_uuid(), $1, $2, 0.5, 'me')`;
    await expect(pool.query(exam, [run.id, bench.dataset.datasetId])).rejects.toThrow(refusal);
    const insert = (status: string, runId: string) =>
      pool.query(
        `insert into model_check (id, run_id, file_hash, model_input, requested_by, status) values (gen_random_uuid(), $1, 'x', '{}', 'me', $2)`,
        [runId, status],
      );
    await expect(insert('PASSED', run.id)).rejects.toThrow('begins as QUEUED');
    await expect(insert('QUEUED', ours.id)).rejects.toThrow('is of an EXTERNAL run');
    const { id } = await requestModelCheck(store, { runId: run.id });
    await expect(insert('QUEUED', run.id)).rejects.toThrow('model_check_open_key');
    await expect(pool.query(`update model_check set status = 'PASSED' where id = $1`, [id])).rejects.toThrow(
      'passes by the worker that runs it',
    );
    await expect(pool.query(`update model_check set file_hash = 'y' where id = $1`, [id])).rejects.toThrow(
      'never changes',
    );
    const claimed = (await claimModelCheck(store, { workerId: 'w' }))!;
    const pass = `update model_check set status = 'PASSED', finished_at = now(), signature = '{}', patches_total = 4,
      max_difference = $2::float, tolerance = 0.001 where id = $1`;
    await expect(pool.query(pass, [id, 0.5])).rejects.toThrow('model_check_passed_check');
    await finishModelCheck(store, { ...claimed, finding: find(0), signature: SIGNATURE });
    await expect(
      pool.query('update model_check set max_difference = 0.0001 where id = $1', [id]),
    ).rejects.toThrow('passed never changes');
    await insertVersion();
    const file = `run_file set artifact_hash = (select hash from artifact where hash <> artifact_hash limit 1)`;
    for (const act of [`update ${file} where run_id = $1`, 'delete from run_file where run_id = $1']) {
      await expect(pool.query(act, [run.id])).rejects.toThrow('its model.onnx stays');
    }
    await expect(pool.query('delete from model_check where run_id = $1', [run.id])).rejects.toThrow(
      'of its model stays',
    );
  });

  it('of a run that is deleted goes with it', async () => {
    const run = await recordExternalRun(store, bench);
    await check(run, 0);
    await deleteRun(store, run.id);
    expect(await prisma.modelCheck.count({ where: { runId: run.id } })).toBe(0);
  });
});

function find(maxDifference: number): CheckFinding {
  return { patches: 48, maxDifference, worstPatch: 3 };
}

/** What a worker does, with what it would find. */
async function check(run: Run, maxDifference: number): Promise<ModelCheck> {
  await requestModelCheck(store, { runId: run.id });
  const claimed = (await claimModelCheck(store, { workerId: 'w' }))!;
  expect(claimed.runId).toBe(run.id);
  await finishModelCheck(store, { ...claimed, finding: find(maxDifference), signature: SIGNATURE });
  return prisma.modelCheck.findUniqueOrThrow({ where: { id: claimed.id } });
}

async function launchWorkersRun(): Promise<Run> {
  const { id: experimentId } = await createExperiment(store, { datasetId, name: 'ours' });
  const run = await launchTestRun(store, { datasetId, experimentId, split: split! });
  await finishTestRun(store, run);
  return run;
}

async function register(run: Run) {
  const model = await createModel(store, { name: `model-${models++}` });
  return registerModelVersion(store, { modelId: model.id, runId: run.id });
}

async function findRule(versionId: string) {
  const { rules } = await judgeModelVersion(store, { versionId });
  return rules.find(({ rule }) => rule === 'model-checked');
}
