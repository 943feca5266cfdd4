/**
 * A database from before classes and tasks, with a run, its TEST and a champion, as the version of then wrote it: it
 * migrates, and every figure of it stays.
 */
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '@microtome/store/database/database';
import { dropDatabase, migrateDatabase } from '@microtome/store/database/migrate';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { withDatabase } from '../../test-database.ts';

const MIGRATIONS = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));
const FIRST_OF_CLASSES = '0012_classes-and-tasks';
const IDS = Object.fromEntries(
  ['dataset', 'split', 'experiment', 'run', 'model', 'version', 'promotion'].map((noun) => [
    noun,
    randomUUID(),
  ]),
) as Record<'dataset' | 'split' | 'experiment' | 'run' | 'model' | 'version' | 'promotion', string>;
const HEX = 'a'.repeat(64);
const PATIENTS = [
  { key: '101', subset: 'TRAIN', labels: [0, 1, 1] },
  { key: '102', subset: 'VALIDATION', labels: [0, 0, 1] },
  { key: '103', subset: 'TEST', labels: [1, 0, 0, 0] },
].map((patient) => ({ ...patient, id: randomUUID(), slideId: randomUUID() }));
const METRICS = { auc: 0.8441530011144722, threshold: 0.25, patches: 4 };

let url: string;
let workDir: string;
let before: Record<string, unknown>;

beforeAll(async () => {
  url = withDatabase(inject('serverUrl'), `microtome_old_${randomUUID().replaceAll('-', '')}`);
  workDir = await mkdtemp(join(tmpdir(), 'microtome-old-'));
  const older = join(workDir, 'older');
  await cp(MIGRATIONS, older, { recursive: true });
  for (const name of await readdir(older)) {
    if (/^\d{4}_/.test(name) && name >= FIRST_OF_CLASSES) await rm(join(older, name), { recursive: true });
  }
  await migrateDatabase(url, older);
  await fill();
  before = await readFigures();
  await migrateDatabase(url);
});
afterAll(async () => {
  await dropDatabase(url);
  await rm(workDir, { recursive: true, force: true });
});

it('keeps every row of splits, runs, evaluations and promotions as it was', async () => {
  expect(await readFigures()).toEqual(before);
});

it('gives the dataset its two classes and the task that it had, to which its experiment belongs', async () => {
  const database = openDatabase({ databaseUrl: url, poolSize: 1 });
  try {
    const dataset = await database.prisma.dataset.findUniqueOrThrow({
      where: { id: IDS.dataset },
      include: { classes: { orderBy: { position: 'asc' } }, tasks: true, experiments: true },
    });
    expect(dataset).toMatchObject({ unit: 'PATIENT', hasPlaces: true, classCount: 2, digest: HEX });
    expect(dataset.classes.map(({ name, patchCount }) => [name, patchCount])).toEqual([
      ['not IDC', 6],
      ['IDC', 4],
    ]);
    expect(dataset.tasks).toMatchObject([
      { name: 'IDC', positiveName: 'IDC', position: 0, sides: ['NEGATIVE', 'POSITIVE'] },
    ]);
    expect(dataset.experiments[0]?.taskId).toBe(dataset.tasks[0]?.id);
    const split = await database.prisma.split.findUniqueOrThrow({ where: { id: IDS.split } });
    expect([split.trainClassCounts, split.validationClassCounts, split.testClassCounts]).toEqual([
      [1, 2],
      [2, 1],
      [3, 1],
    ]);
    const patches = await database.prisma.patch.findMany({ orderBy: { index: 'asc' } });
    expect(patches.map(({ classPosition }) => classPosition)).toEqual(
      PATIENTS.flatMap(({ labels }) => labels),
    );
  } finally {
    await database.close();
  }
});

/** What must stay to the last bit, by the columns that both versions have. */
async function readFigures(): Promise<Record<string, unknown>> {
  return {
    split: await query(
      `select id, name, strategy, seed, digest, train_patients, test_patients, test_patches, audit from split`,
    ),
    sides: await query('select split_id, patient_id, subset from split_patient order by patient_id'),
    patients: await query(
      'select dataset_id, patient_id, patch_count from dataset_patient order by patient_id',
    ),
    runs: await query('select id, status, threshold, hyperparameters, split_id, experiment_id from run'),
    evaluations: await query('select run_id, subset, threshold, metrics, intervals, draws from evaluation'),
    promotions: await query('select * from promotion'),
    aliases: await query('select * from alias'),
    versions: await query('select * from model_version'),
  };
}

async function fill(): Promise<void> {
  const { dataset, split, experiment, run, model, version, promotion } = IDS;
  // Guards ask for the acts in their order; here the rows are put where a finished platform had them.
  await query(`
    begin; set local session_replication_role = replica;
    insert into dataset (id, name, digest, source, patch_size_px, positive_class, patient_count, patch_count, positive_count,
      strip_count, refused_count, channel_mean, channel_sd)
    values ('${dataset}', 'old', '${HEX}', 'IDC', 50, 'IDC', 3, 10, 4, 0, 0, '{0.5,0.5,0.5}', '{0.1,0.1,0.1}');
    ${PATIENTS.map(insertPatient).join('')}
    insert into split (id, dataset_id, name, kind, strategy, seed, fractions, digest, train_patients, validation_patients,
      test_patients, train_patches, validation_patches, test_patches, train_positives, validation_positives,
      test_positives, left_out_patients, absent_patients, audit)
    values ('${split}', '${dataset}', 'Stratified by patient, seed 1', 'PATIENT', 'PATIENT_STRATIFIED', 1,
      '{"train":0.6,"validation":0.2,"test":0.2}', '${HEX}', 1, 1, 1, 3, 3, 4, 2, 1, 1, 0, '{}', '{"passed":true}');
    ${PATIENTS.map(insertSide).join('')}
    insert into experiment (id, dataset_id, name) values ('${experiment}', '${dataset}', 'shallow against deep');
    insert into run (id, experiment_id, dataset_id, split_id, split_kind, name, architecture, hyperparameters, seed,
      parameters, multiply_adds, status, attempt, epochs_done, best_epoch, backend, device, threshold, temperature,
      started_at, finished_at)
    values ('${run}', '${experiment}', '${dataset}', '${split}', 'PATIENT', 'deep', 'deep', '{"seed":1}', 1, 10, 10,
      'SUCCEEDED', 1, 3, 3, 'onnx', 'CPU', 0.25, 1, now(), now());
    insert into evaluation (run_id, subset, threshold, metrics, intervals, draws)
    values ('${run}', 'TEST', 0.25, '${JSON.stringify(METRICS)}', '{"auc":[0.8,0.9]}', 2000);
    insert into model (id, name) values ('${model}', 'idc-classifier');
    insert into promotion_policy (model_id, version, policy, reason, changed_by)
    values ('${model}', 1, '{}', 'first', 'demo');
    insert into model_version (id, model_id, number, run_id, split_kind)
    values ('${version}', '${model}', 1, '${run}', 'PATIENT');
    insert into promotion (id, model_id, version_id, split_kind, number, act, policy_version, alias_name, allowed, verdict,
      reason, promoted_by)
    values ('${promotion}', '${model}', '${version}', 'PATIENT', 1, 'PROMOTE', 1, 'champion', true,
      '{"rules":[{"kind":"safety","passed":true}]}', 'best', 'demo');
    insert into alias (model_id, name, promotion_id) values ('${model}', 'champion', '${promotion}');
    commit`);
}

function insertPatient({ id, slideId, key, labels }: (typeof PATIENTS)[number], number: number): string {
  const first = PATIENTS.slice(0, number).reduce((sum, one) => sum + one.labels.length, 0);
  const positives = labels.filter((label) => label === 1).length;
  return `
    insert into patient (id, source, key) values ('${id}', 'IDC', '${key}');
    insert into dataset_patient values ('${IDS.dataset}', '${id}', ${labels.length}, ${positives}, 0);
    insert into slide (id, dataset_id, patient_id, key, width_px, height_px)
    values ('${slideId}', '${IDS.dataset}', '${id}', '${key}', 500, 50);
    ${labels
      .map(
        (label, at) => `
    insert into patch (dataset_id, index, slide_id, x, y, width_px, height_px, label, pixel_hash, byte_offset)
    values ('${IDS.dataset}', ${first + at}, '${slideId}', ${50 * at}, 0, 50, 50, ${label}, '\\x${HEX}', 0);`,
      )
      .join('')}`;
}

function insertSide({ id, subset }: (typeof PATIENTS)[number]): string {
  return `
    insert into split_patient values ('${IDS.split}', '${id}', 'PATIENT', '${IDS.dataset}', '${subset}');`;
}

async function query(statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
