-- What may change, and what may not. A guard raises a sentence that names the row.
--
-- Rows that must not vanish may still go together with what they belong to: a foreign key's cascade deletes the
-- parent first, so a guard lets a delete pass when the parent is gone.

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'Rows of % never change.', tg_table_name using errcode = 'restrict_violation';
end $$;

create function refuse_truncate() returns trigger language plpgsql as $$
begin
  raise exception 'Table % is never emptied.', tg_table_name using errcode = 'restrict_violation';
end $$;

-- Data sets ---------------------------------------------------------------------------------------------------

create function guard_dataset_update() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - 'name') <> (to_jsonb(old) - 'name') then
    raise exception 'Data set % never changes, but for its name.', old.id using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger dataset_guard before update on dataset for each row execute function guard_dataset_update();

create trigger patch_no_update before update on patch for each statement execute function refuse_change();
create trigger dataset_patient_no_update before update on dataset_patient for each statement execute function refuse_change();
create trigger dataset_shard_no_update before update on dataset_shard for each statement execute function refuse_change();

create function refuse_dataset_part_delete() returns trigger language plpgsql as $$
begin
  if exists (select from dataset join gone on gone.dataset_id = dataset.id) then
    raise exception 'Rows of % go with their data set only.', tg_table_name using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger patch_no_delete after delete on patch referencing old table as gone
  for each statement execute function refuse_dataset_part_delete();
create trigger dataset_patient_no_delete after delete on dataset_patient referencing old table as gone
  for each statement execute function refuse_dataset_part_delete();
create trigger dataset_shard_no_delete after delete on dataset_shard referencing old table as gone
  for each statement execute function refuse_dataset_part_delete();

-- Written whole or not at all: at commit, the counts that a data set states are those of its rows.
create function check_dataset_whole() returns trigger language plpgsql as $$
declare
  patches bigint;
  patients bigint;
begin
  if not exists (select from dataset where id = new.id) then return null; end if;
  select count(*) into patches from patch where dataset_id = new.id;
  select count(*) into patients from dataset_patient where dataset_id = new.id;
  if patches <> new.patch_count + new.strip_count or patients <> new.patient_count then
    raise exception 'Data set % states % patches of % patients, but holds % of %.',
      new.id, new.patch_count + new.strip_count, new.patient_count, patches, patients
      using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger dataset_whole after insert on dataset deferrable initially deferred
  for each row execute function check_dataset_whole();

-- Nothing is added later: patches are numbered 0 to n - 1, so a whole data set has no number left.
create function refuse_late_patch() returns trigger language plpgsql as $$
begin
  if exists (select from added join dataset on dataset.id = added.dataset_id
             where added.index >= dataset.patch_count + dataset.strip_count) then
    raise exception 'A patch lies beyond the number of patches that its data set states.' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger patch_no_late_insert after insert on patch referencing new table as added
  for each statement execute function refuse_late_patch();

create function refuse_late_patient() returns trigger language plpgsql as $$
begin
  if exists (select from dataset where id in (select dataset_id from added)
             and patient_count < (select count(*) from dataset_patient where dataset_id = dataset.id)) then
    raise exception 'A data set has more patients than it states.' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger dataset_patient_no_late_insert after insert on dataset_patient referencing new table as added
  for each statement execute function refuse_late_patient();

-- Splits ------------------------------------------------------------------------------------------------------

create function guard_split_update() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - array['name', 'audit']) <> (to_jsonb(old) - array['name', 'audit']) then
    raise exception 'Split % never changes, but for its name and audit.', old.id using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger split_guard before update on split for each row execute function guard_split_update();

create trigger split_patient_no_update before update on split_patient for each statement execute function refuse_change();

create function refuse_split_patient_delete() returns trigger language plpgsql as $$
begin
  if exists (select from split join gone on gone.split_id = split.id) then
    raise exception 'A patient leaves a split only together with the split.' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger split_patient_no_delete after delete on split_patient referencing old table as gone
  for each statement execute function refuse_split_patient_delete();

-- More patients than a split states are refused at once (so nobody is added later), fewer at commit.
create function count_split_patients(split_id uuid) returns int[] language sql stable as $$
  select array[count(*) filter (where subset = 'TRAIN'), count(*) filter (where subset = 'VALIDATION'),
               count(*) filter (where subset = 'TEST')]::int[]
  from split_patient where split_patient.split_id = $1
$$;

create function refuse_late_split_patient() returns trigger language plpgsql as $$
begin
  if exists (
    select from split, lateral count_split_patients(split.id) as counted
    where split.id in (select added.split_id from added)
      and (counted[1] > train_patients or counted[2] > validation_patients or counted[3] > test_patients)) then
    raise exception 'A split stands as it was made: no patient is added to it.' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger split_patient_no_late_insert after insert on split_patient referencing new table as added
  for each statement execute function refuse_late_split_patient();

create function check_split_whole() returns trigger language plpgsql as $$
declare
  counted int[];
begin
  if new.kind = 'PATCH' or not exists (select from split where id = new.id) then return null; end if;
  counted := count_split_patients(new.id);
  if counted <> array[new.train_patients, new.validation_patients, new.test_patients] then
    raise exception 'Split % states % TRAIN, % VALIDATION and % TEST patients, but has %, % and %.', new.id,
      new.train_patients, new.validation_patients, new.test_patients, counted[1], counted[2], counted[3]
      using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger split_whole after insert on split deferrable initially deferred
  for each row execute function check_split_whole();

-- Runs --------------------------------------------------------------------------------------------------------

create function guard_run_update() returns trigger language plpgsql as $$
begin
  if (new.id, new.experiment_id, new.dataset_id, new.split_id, new.split_kind, new.architecture, new.hyperparameters,
      new.seed, new.requested_backend, new.parameters, new.multiply_adds, new.created_at)
     is distinct from
     (old.id, old.experiment_id, old.dataset_id, old.split_id, old.split_kind, old.architecture, old.hyperparameters,
      old.seed, old.requested_backend, old.parameters, old.multiply_adds, old.created_at) then
    raise exception 'What run % was asked to do never changes.', old.id using errcode = 'restrict_violation';
  end if;
  if new.status <> old.status and (old.status, new.status) not in (
      ('QUEUED', 'RUNNING'), ('QUEUED', 'CANCELED'), ('QUEUED', 'FAILED'),
      ('RUNNING', 'SUCCEEDED'), ('RUNNING', 'FAILED'), ('RUNNING', 'CANCELED'), ('RUNNING', 'QUEUED'),
      ('FAILED', 'QUEUED'), ('CANCELED', 'QUEUED')) then
    raise exception 'Run % cannot go from % to %.', old.id, old.status, new.status using errcode = 'restrict_violation';
  end if;
  if new.attempt < old.attempt or new.epochs_done < old.epochs_done then
    raise exception 'The attempt and the epochs of run % never fall.', old.id using errcode = 'restrict_violation';
  end if;
  -- Depth 2: only the trigger that numbers an event may count on.
  if new.last_seq <> old.last_seq and (pg_trigger_depth() < 2 or new.last_seq <> old.last_seq + 1) then
    raise exception 'Events of run % are numbered by inserting them.', old.id using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger run_guard before update on run for each row execute function guard_run_update();

create function guard_run_insert() returns trigger language plpgsql as $$
begin
  if new.last_seq <> 0 then
    raise exception 'Run % cannot begin with % events.', new.id, new.last_seq using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger run_insert_guard before insert on run for each row execute function guard_run_insert();

-- The row lock on the run makes writers take turns, so numbers are unique, without gaps, and in order of commit.
create function number_run_event() returns trigger language plpgsql as $$
begin
  update run set last_seq = last_seq + 1 where id = new.run_id returning last_seq into new.seq;
  if not found then
    raise exception 'There is no run %.', new.run_id using errcode = 'foreign_key_violation';
  end if;
  return new;
end $$;
create trigger run_event_number before insert on run_event for each row execute function number_run_event();

create function refuse_run_part_delete() returns trigger language plpgsql as $$
begin
  if exists (select from run join gone on gone.run_id = run.id) then
    raise exception 'Rows of % go with their run only.', tg_table_name using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger run_event_no_update before update on run_event for each statement execute function refuse_change();
create trigger run_event_no_delete after delete on run_event referencing old table as gone
  for each statement execute function refuse_run_part_delete();
create trigger run_event_no_truncate before truncate on run_event for each statement execute function refuse_truncate();
create trigger metric_no_update before update on metric for each statement execute function refuse_change();
create trigger metric_no_delete after delete on metric referencing old table as gone
  for each statement execute function refuse_run_part_delete();

-- The seal on TEST --------------------------------------------------------------------------------------------

create function guard_test_opening_insert() returns trigger language plpgsql as $$
begin
  if not exists (select from run where id = new.run_id and split_id = new.split_id and status = 'SUCCEEDED') then
    raise exception 'TEST is opened for a SUCCEEDED run on its own split only.' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger test_opening_guard before insert on test_opening for each row execute function guard_test_opening_insert();

-- Its run may be deleted (run_id becomes null); the record stays.
create function guard_test_opening_update() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - 'run_id') <> (to_jsonb(old) - 'run_id') or new.run_id is not null
     or exists (select from run where id = old.run_id) then
    raise exception 'The record that TEST was opened never changes.' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger test_opening_no_update before update on test_opening for each row execute function guard_test_opening_update();

create function refuse_test_opening_delete() returns trigger language plpgsql as $$
begin
  if exists (select from split join gone on gone.split_id = split.id) then
    raise exception 'The record that TEST was opened stays as long as its split.' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger test_opening_no_delete after delete on test_opening referencing old table as gone
  for each statement execute function refuse_test_opening_delete();
create trigger test_opening_no_truncate before truncate on test_opening for each statement execute function refuse_truncate();

create function guard_evaluation() returns trigger language plpgsql as $$
begin
  if new.subset = 'TEST' and not exists (select from test_opening where run_id = new.run_id) then
    raise exception 'TEST of run % is sealed: open it first.', new.run_id using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger evaluation_guard before insert or update on evaluation for each row execute function guard_evaluation();

-- Models ------------------------------------------------------------------------------------------------------

create function guard_model_version() returns trigger language plpgsql as $$
begin
  if not exists (select from run where id = new.run_id and status = 'SUCCEEDED') then
    raise exception 'Only a SUCCEEDED run can become a model version.' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger model_version_guard before insert or update of run_id on model_version
  for each row execute function guard_model_version();

create trigger promotion_no_update before update on promotion for each statement execute function refuse_change();
create function refuse_promotion_delete() returns trigger language plpgsql as $$
begin
  if exists (select from model join gone on gone.model_id = model.id) then
    raise exception 'A promotion stays on record as long as its model.' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger promotion_no_delete after delete on promotion referencing old table as gone
  for each statement execute function refuse_promotion_delete();
create trigger promotion_no_truncate before truncate on promotion for each statement execute function refuse_truncate();
