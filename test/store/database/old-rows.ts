/**
 * What a finished platform of before classes and tasks had in its tables, one row of each at least: a dataset with its
 * import, a run with its history, TEST and champion, a run of an opened cross-validation with a failed attempt, a worker.
 */
import { randomUUID } from 'node:crypto';

export const IDS = {
  dataset: randomUUID(),
  split: randomUUID(),
  experiment: randomUUID(),
  run: randomUUID(),
  foldRun: randomUUID(),
  sweep: randomUUID(),
  model: randomUUID(),
  version: randomUUID(),
  promotion: randomUUID(),
};
export const DIGEST = 'a'.repeat(64);
export const PATIENTS = [
  { key: '101', subset: 'TRAIN', labels: [0, 1, 1] },
  { key: '102', subset: 'VALIDATION', labels: [0, 0, 1] },
  { key: '103', subset: 'TEST', labels: [1, 0, 0, 0] },
].map((patient) => ({ ...patient, id: randomUUID(), slideId: randomUUID() }));

/** With a null, a number that no float32 holds, and what lists by figures take apart. */
const METRICS = {
  ...{ auc: 0.8441530011144722, threshold: 0.25, patches: 4, ece: null, patients: 1 },
  ...{ macro: { auc: 0.1 + 0.2 }, confusion: { tp: 1, fp: 0, tn: 3, fn: 0 } },
};
const INTERVALS = { auc: [0.8, 0.9], 'macro.auc': [0.25, 0.375] };

/** Guards ask for acts in their order; here the rows are put where they ended. */
export function writeOldRows(): string {
  return `begin; set local session_replication_role = replica;
    ${writeDataset()} ${writeRuns()} ${writeModel()} commit`;
}

function writeDataset(): string {
  const { dataset, split } = IDS;
  return `
    insert into artifact (hash, bytes, media_type) values ('${DIGEST}', 7500, 'application/octet-stream');
    insert into dataset (id, name, digest, source, patch_size_px, positive_class, patient_count, patch_count, positive_count,
      strip_count, refused_count, channel_mean, channel_sd)
    values ('${dataset}', 'old', '${DIGEST}', 'IDC', 50, 'IDC', 3, 10, 4, 0, 1, '{0.5,0.25,0.125}', '{0.1,0.2,0.3}');
    insert into dataset_import (id, name, source_path, options, status, phase, files_total, files_done, files_refused,
      finished_at, dataset_id)
    values ('${randomUUID()}', 'old', '/data/old.zip', '{"maxPatients":3}', 'SUCCEEDED', 'done', 11, 10, 1, now(), '${dataset}');
    insert into refused_file values ('${dataset}', 0, 'a/b.png', 'UNREADABLE', 'It is no PNG.');
    insert into pixel_change values ('${dataset}', 'ALPHA_ON_WHITE', 2, '{a.png,b.png}');
    insert into dataset_shard values ('${dataset}', 0, 'PATCH', 0, 10, '${DIGEST}');
    ${PATIENTS.map(writePatient).join('')}
    insert into split (id, dataset_id, name, kind, strategy, seed, fractions, digest, train_patients, validation_patients,
      test_patients, train_patches, validation_patches, test_patches, train_positives, validation_positives,
      test_positives, left_out_patients, absent_patients, audit)
    values ('${split}', '${dataset}', 'Stratified by patient, seed 1', 'PATIENT', 'PATIENT_STRATIFIED', 1,
      '{"train":0.6,"validation":0.2,"test":0.2}', '${DIGEST}', 1, 1, 1, 3, 3, 4, 2, 1, 1, 0, '{}', '{"passed":true}');
    ${PATIENTS.map(
      ({ id, subset }) => `
    insert into split_patient values ('${split}', '${id}', 'PATIENT', '${dataset}', '${subset}');`,
    ).join('')}`;
}

function writePatient({ id, slideId, key, labels }: (typeof PATIENTS)[number], number: number): string {
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
    values ('${IDS.dataset}', ${first + at}, '${slideId}', ${50 * at}, 0, 50, 50, ${label}, '\\x${DIGEST}', 0);`,
      )
      .join('')}`;
}

function writeRuns(): string {
  const { dataset, split, experiment, run, foldRun, sweep } = IDS;
  const columns = `id, experiment_id, dataset_id, split_id, split_kind, name, notes, tags, architecture, hyperparameters, seed,
    parameters, multiply_adds, status, attempt, last_seq, epochs_done, best_epoch, backend, device, versions, threshold,
    temperature, train_patches_per_second, peak_memory_bytes, error, started_at, finished_at, sweep_id, sweep_rung, sweep_place`;
  const given = (id: string, name: string) =>
    `'${id}', '${experiment}', '${dataset}', '${split}', 'PATIENT', '${name}', 'a note', '{first,kept}', 'deep',
     '{"seed":1,"learningRate":0.001}', 1, 10, 12`;
  return `
    insert into experiment (id, dataset_id, name, question)
    values ('${experiment}', '${dataset}', 'shallow against deep', 'Which?');
    insert into sweep (id, experiment_id, name, strategy, definition)
    values ('${sweep}', '${experiment}', 'folds', 'FOLDS', '{"splitIds":["${split}"]}');
    insert into sweep_opening (id, sweep_id, opened_by, reason, metrics, intervals, draws)
    values ('${randomUUID()}', '${sweep}', 'Ada', 'the report', '${JSON.stringify(METRICS)}', '${JSON.stringify(INTERVALS)}', 2000);
    insert into run (${columns}) values
    (${given(run, 'deep')}, 'SUCCEEDED', 1, 2, 3, 3, 'onnx', 'CPU', '{"node":"22"}', 0.25, 1.5, 812.5, 4294967296, null, now(), now(),
     null, null, null),
    (${given(foldRun, 'fold 1')}, 'FAILED', 2, 0, 0, null, null, null, null, null, null, null, null, 'The disk is full.', now(), now(),
     '${sweep}', 0, 0);
    insert into run_attempt (run_id, number, worker_id, finished_at, epochs_added, outcome, error) values
    ('${run}', 1, 'worker-1', now(), 3, 'SUCCEEDED', null), ('${foldRun}', 1, 'worker-1', now(), 0, 'LOST', 'killed');
    insert into run_event (run_id, seq, kind, attempt, payload) values
    ('${run}', 1, 'STATUS', 1, '{"status":"RUNNING"}'), ('${run}', 2, 'EPOCH', 1, '{"epoch":1}');
    insert into run_progress (run_id, attempt, phase, epoch, epochs, batch, batches, loss)
    values ('${run}', 1, 'finishing', 3, 3, 1, 1, 0.3);
    insert into metric (run_id, name, epoch, step, value, owner) values
    ('${run}', 'validation.auc', 1, 10, 0.7000000000000001, 'WORKER'), ('${run}', 'validation.auc', 2, 20, 0.8, 'WORKER'),
    ('${run}', 'cost', 1, 10, 3, 'EXTERNAL');
    insert into run_artifact (run_id, role, artifact_hash) values
    ('${run}', 'MODEL_WEIGHTS', '${DIGEST}'), ('${run}', 'CHECKPOINT_BEST', '${DIGEST}');
    insert into evaluation (run_id, subset, threshold, metrics, intervals, draws) values
    ('${run}', 'VALIDATION', 0.25, '${JSON.stringify({ ...METRICS, auc: 0.75 })}', '{}', 2000),
    ('${run}', 'TEST', 0.25, '${JSON.stringify(METRICS)}', '${JSON.stringify(INTERVALS)}', 2000);
    insert into test_opening (id, split_id, run_id, run_name, opened_by, reason)
    values ('${randomUUID()}', '${split}', '${run}', 'deep', 'Ada', 'a finalist');
    insert into worker (id, hostname, pid, backends, device, versions, status)
    values ('worker-1', 'host', 42, '{onnx}', 'CPU', '{}', 'GONE');`;
}

function writeModel(): string {
  const { run, model, version, promotion } = IDS;
  return `
    insert into model (id, name, description) values ('${model}', 'idc-classifier', 'the first');
    insert into promotion_policy (model_id, version, policy, reason, changed_by) values
    ('${model}', 1, '{}', 'first', 'demo'), ('${model}', 2, '{"maximumEce":0.2}', 'second', 'Ada');
    insert into model_version (id, model_id, number, run_id, split_kind)
    values ('${version}', '${model}', 1, '${run}', 'PATIENT');
    insert into promotion (id, model_id, version_id, split_kind, number, act, policy_version, alias_name, allowed, verdict,
      reason, promoted_by)
    values ('${promotion}', '${model}', '${version}', 'PATIENT', 1, 'PROMOTE', 2, 'champion', true,
      '{"rules":[{"kind":"safety","passed":true}]}', 'best', 'demo');
    insert into alias (model_id, name, promotion_id) values ('${model}', 'champion', '${promotion}');`;
}
