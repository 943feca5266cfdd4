-- What each row must be in itself: known words, ranges, names that are not blank.

alter table artifact
  add constraint artifact_hash_check check (hash ~ '^[0-9a-f]{64}$'),
  add constraint artifact_bytes_check check (bytes >= 0),
  add constraint artifact_media_type_check check (media_type <> '');

alter table dataset_import
  add constraint dataset_import_status_check check (status in ('RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED')),
  add constraint dataset_import_phase_check check (phase in ('scanning', 'decoding', 'saving', 'done')),
  add constraint dataset_import_name_check check (btrim(name) <> ''),
  add constraint dataset_import_counts_check check (files_total >= 0 and files_done >= 0 and files_refused >= 0),
  add constraint dataset_import_dataset_check check (status <> 'SUCCEEDED' or dataset_id is not null),
  add constraint dataset_import_error_check check (status <> 'FAILED' or error is not null),
  add constraint dataset_import_finished_check check ((status = 'RUNNING') = (finished_at is null));

alter table dataset
  add constraint dataset_name_check check (btrim(name) <> ''),
  add constraint dataset_digest_check check (digest ~ '^[0-9a-f]{64}$'),
  add constraint dataset_source_check check (btrim(source) <> ''),
  add constraint dataset_positive_class_check check (btrim(positive_class) <> ''),
  add constraint dataset_patch_size_check check (patch_size_px > 0),
  add constraint dataset_counts_check check (
    patient_count > 0 and patch_count > 0 and strip_count >= 0 and refused_count >= 0
    and positive_count between 0 and patch_count),
  add constraint dataset_channels_check check (cardinality(channel_mean) = 3 and cardinality(channel_sd) = 3);

alter table refused_file
  add constraint refused_file_reason_check check (code <> '' and reason <> '');

alter table dataset_shard
  add constraint dataset_shard_kind_check check (kind in ('PATCH', 'STRIP')),
  add constraint dataset_shard_range_check check (position >= 0 and first_patch >= 0 and patch_count > 0);

alter table patient
  add constraint patient_key_check check (btrim(source) <> '' and btrim(key) <> '');

alter table dataset_patient
  add constraint dataset_patient_counts_check check (
    patch_count >= 0 and strip_count >= 0 and patch_count + strip_count > 0
    and positive_count between 0 and patch_count);

alter table slide
  add constraint slide_key_check check (btrim(key) <> ''),
  add constraint slide_size_check check (width_px > 0 and height_px > 0),
  add constraint slide_microns_check check (microns_per_pixel > 0);

alter table patch
  add constraint patch_index_check check (index >= 0),
  add constraint patch_place_check check (x >= 0 and y >= 0 and width_px > 0 and height_px > 0),
  add constraint patch_label_check check (label in (0, 1)),
  add constraint patch_pixels_check check (octet_length(pixel_hash) = 32 and byte_offset >= 0);

alter table split
  add constraint split_name_check check (btrim(name) <> ''),
  add constraint split_kind_check check (kind in ('PATIENT', 'PATCH')),
  add constraint split_strategy_check check (
    strategy in ('PATIENT_STRATIFIED', 'CRUZ_ROA_2014', 'K_FOLD', 'RANDOM_PATCH')),
  add constraint split_unsafe_check check ((kind = 'PATCH') = (strategy = 'RANDOM_PATCH')),
  add constraint split_seed_check check (seed between 0 and 4294967295),
  add constraint split_digest_check check (digest ~ '^[0-9a-f]{64}$'),
  add constraint split_fold_check check (
    case when strategy = 'K_FOLD' then fold is not null and folds is not null and folds >= 3 and fold between 0 and folds - 1
         else fold is null and folds is null end),
  add constraint split_patients_check check (
    train_patients >= 0 and validation_patients >= 0 and test_patients >= 0 and left_out_patients >= 0
    and (kind = 'PATCH' or (train_patients > 0 and validation_patients > 0 and test_patients > 0))),
  add constraint split_patches_check check (
    train_patches > 0 and validation_patches > 0 and test_patches > 0
    and train_positives between 0 and train_patches
    and validation_positives between 0 and validation_patches
    and test_positives between 0 and test_patches);

-- A split by patch has no patient rows: the foreign key takes split_kind to the split's kind.
alter table split_patient
  add constraint split_patient_kind_check check (split_kind = 'PATIENT'),
  add constraint split_patient_subset_check check (subset in ('TRAIN', 'VALIDATION', 'TEST'));

alter table experiment
  add constraint experiment_name_check check (btrim(name) <> '');

alter table sweep
  add constraint sweep_name_check check (btrim(name) <> ''),
  add constraint sweep_strategy_check check (strategy in ('GRID', 'RANDOM', 'HALVING', 'FOLDS', 'SEEDS'));

alter table run
  add constraint run_name_check check (btrim(name) <> ''),
  add constraint run_status_check check (status in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED')),
  add constraint run_split_kind_check check (split_kind in ('PATIENT', 'PATCH')),
  add constraint run_backend_check check (
    requested_backend in ('auto', 'tensorflow', 'webgpu', 'onnx', 'cpu')
    and backend in ('tensorflow', 'webgpu', 'onnx', 'cpu')),
  add constraint run_hyperparameters_check check (jsonb_typeof(hyperparameters) = 'object'),
  add constraint run_seed_check check (seed between 0 and 4294967295),
  add constraint run_size_check check (parameters > 0 and multiply_adds > 0),
  add constraint run_attempt_check check (attempt >= 0 and empty_attempts >= 0 and last_seq >= 0),
  add constraint run_epochs_check check (epochs_done >= 0 and best_epoch between 1 and epochs_done),
  add constraint run_started_check check (status <> 'RUNNING' or (started_at is not null and attempt > 0)),
  add constraint run_finished_check check (
    (status in ('SUCCEEDED', 'FAILED', 'CANCELED')) = (finished_at is not null)),
  add constraint run_succeeded_check check (
    status <> 'SUCCEEDED' or (epochs_done > 0 and threshold is not null)),
  add constraint run_failed_check check (status <> 'FAILED' or error is not null),
  add constraint run_threshold_check check (threshold >= 0 and threshold < 'Infinity'),
  add constraint run_temperature_check check (temperature > 0 and temperature < 'Infinity'),
  add constraint run_throughput_check check (
    train_patches_per_second >= 0 and train_patches_per_second < 'Infinity' and peak_memory_bytes >= 0);

alter table run_attempt
  add constraint run_attempt_number_check check (number > 0 and epochs_added >= 0),
  add constraint run_attempt_worker_check check (worker_id <> ''),
  add constraint run_attempt_outcome_check check (
    outcome in ('SUCCEEDED', 'FAILED', 'CANCELED', 'LOST', 'HANDED_OVER')),
  add constraint run_attempt_finished_check check ((outcome is null) = (finished_at is null));

-- Two workers can never both be at one run.
create unique index run_attempt_unfinished_key on run_attempt (run_id) where finished_at is null;

alter table run_event
  add constraint run_event_seq_check check (seq > 0 and attempt >= 0),
  add constraint run_event_kind_check check (kind in ('STATUS', 'EPOCH', 'EVALUATION', 'LOG')),
  add constraint run_event_payload_check check (jsonb_typeof(payload) = 'object');

alter table metric
  add constraint metric_name_check check (btrim(name) <> ''),
  add constraint metric_place_check check (epoch > 0 and step >= 0),
  add constraint metric_value_check check (value > '-Infinity' and value < 'Infinity');

alter table run_progress
  add constraint run_progress_phase_check check (phase in ('preparing', 'training', 'validating', 'finishing')),
  add constraint run_progress_counts_check check (epoch >= 0 and epochs >= 0 and batch >= 0 and batches >= 0);

alter table run_artifact
  add constraint run_artifact_role_check check (
    role ~ '^(MODEL_JSON|MODEL_WEIGHTS|PREDICTIONS_(TRAIN|VALIDATION|TEST)|CHECKPOINT_(BEST|[1-9][0-9]*))$');

alter table evaluation
  add constraint evaluation_subset_check check (subset in ('VALIDATION', 'TEST')),
  add constraint evaluation_draws_check check (draws >= 0);

alter table test_opening
  add constraint test_opening_who_check check (btrim(opened_by) <> '' and btrim(reason) <> '' and run_name <> '');

alter table model
  add constraint model_name_check check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'),
  add constraint model_policy_check check (jsonb_typeof(policy) = 'object');

alter table model_version
  add constraint model_version_number_check check (number > 0);

-- An alias rests on an allowed promotion (foreign key), and an allowed promotion is of a run on a split by patient.
alter table promotion
  add constraint promotion_split_check check (not allowed or split_kind = 'PATIENT'),
  add constraint promotion_override_check check (allowed or not overridden),
  add constraint promotion_alias_check check (alias_name ~ '^[a-z][a-z0-9-]*$'),
  add constraint promotion_who_check check (btrim(promoted_by) <> '' and btrim(reason) <> '');

alter table alias
  add constraint alias_allowed_check check (allowed);

alter table worker
  add constraint worker_status_check check (status in ('IDLE', 'BUSY', 'GONE')),
  add constraint worker_run_check check (status <> 'BUSY' or current_run_id is not null);
