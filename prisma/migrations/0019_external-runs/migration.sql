-- A run may be recorded by any program. What our workers' runs have, they still have; an external program tells what it knows.

alter table run add column "origin" TEXT NOT NULL DEFAULT 'WORKER';
alter table run
  alter column dataset_id drop not null, alter column split_id drop not null, alter column split_kind drop not null,
  alter column seed drop not null, alter column parameters drop not null, alter column multiply_adds drop not null;
alter table run drop constraint run_started_check, drop constraint run_succeeded_check;
alter table run
  add constraint run_origin_check check (origin in ('WORKER', 'EXTERNAL')),
  add constraint run_worker_check check (origin = 'EXTERNAL' or (
    dataset_id is not null and split_id is not null and split_kind is not null
    and seed is not null and parameters is not null and multiply_adds is not null)),
  -- No queue and no worker ever moves it.
  add constraint run_external_check check (origin = 'WORKER' or (
    status <> 'QUEUED' and attempt = 0 and sweep_id is null and cancel_requested_at is null)),
  add constraint run_whole_split_check check (
    (split_id is null) = (split_kind is null) and (split_id is null or dataset_id is not null)),
  add constraint run_started_check check (
    status <> 'RUNNING' or (started_at is not null and (origin = 'EXTERNAL' or attempt > 0))),
  add constraint run_succeeded_check check (
    status <> 'SUCCEEDED' or origin = 'EXTERNAL' or (epochs_done > 0 and threshold is not null));
-- The one to its dataset says nothing of a run without a dataset.
ALTER TABLE "run" ADD CONSTRAINT "run_experiment_id_fkey"
  FOREIGN KEY ("experiment_id") REFERENCES "experiment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

alter table experiment alter column dataset_id drop not null, alter column task_id drop not null;
alter table experiment add constraint experiment_whole_check check ((dataset_id is null) = (task_id is null));
create unique index experiment_name_without_dataset_key on experiment (name) where dataset_id is null;

-- Told once, and then kept: its dataset, when the first of its runs names a split.
create or replace function guard_experiment_task() returns trigger language plpgsql as $$
begin
  if old.dataset_id is not null and (new.task_id, new.dataset_id) is distinct from (old.task_id, old.dataset_id) then
    raise exception 'The task of experiment "%" never changes.', old.name using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

-- What an external program did not tell yet may be told once; of what it told nothing changes.
create function is_told_once(told anyelement, telling anyelement) returns boolean language sql immutable as $$
  select told is null or telling is not distinct from told
$$;

create function guard_external_run(known run, written run) returns void language plpgsql as $$
declare
  changed text;
begin
  if not (is_told_once(known.dataset_id, written.dataset_id) and is_told_once(known.split_id, written.split_id)
      and is_told_once(known.split_kind, written.split_kind) and is_told_once(known.seed, written.seed)
      and is_told_once(known.parameters, written.parameters)
      and is_told_once(known.multiply_adds, written.multiply_adds)
      and is_told_once(nullif(known.architecture, ''), written.architecture)) then
    raise exception 'What run % was told to be never changes.', known.id using errcode = 'restrict_violation';
  end if;
  select key into changed from jsonb_each(known.hyperparameters)
    where written.hyperparameters -> key is distinct from value limit 1;
  if found then
    raise exception 'Hyperparameter "%" of run % never changes.', changed, known.id using errcode = 'restrict_violation';
  end if;
end $$;

create or replace function guard_run_update() returns trigger language plpgsql as $$
begin
  if (new.id, new.origin, new.experiment_id, new.requested_backend, new.created_at)
     is distinct from (old.id, old.origin, old.experiment_id, old.requested_backend, old.created_at)
     or new.origin = 'WORKER' and
     (new.dataset_id, new.split_id, new.split_kind, new.architecture, new.hyperparameters, new.seed, new.parameters,
      new.multiply_adds) is distinct from
     (old.dataset_id, old.split_id, old.split_kind, old.architecture, old.hyperparameters, old.seed, old.parameters,
      old.multiply_adds) then
    raise exception 'What run % was asked to do never changes.', old.id using errcode = 'restrict_violation';
  end if;
  if new.origin = 'EXTERNAL' then
    perform guard_external_run(old, new);
  end if;
  if new.status <> old.status and (old.status, new.status) not in (
      ('QUEUED', 'RUNNING'), ('QUEUED', 'CANCELED'), ('QUEUED', 'FAILED'),
      ('RUNNING', 'SUCCEEDED'), ('RUNNING', 'FAILED'), ('RUNNING', 'CANCELED'), ('RUNNING', 'QUEUED'),
      ('FAILED', 'QUEUED'), ('CANCELED', 'QUEUED'))
    -- An external program may go on with a run that it had ended.
    and not (new.origin = 'EXTERNAL' and new.status = 'RUNNING') then
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

alter table run_event drop constraint run_event_kind_check;
alter table run_event
  add constraint run_event_kind_check check (kind in ('STATUS', 'EPOCH', 'EVALUATION', 'LOG', 'METRICS'));

-- Numbers ------------------------------------------------------------------------------------------------------------

-- An external program's step may hold several numbers, of several moments; a point that is sent again is the same point.
ALTER TABLE "metric" DROP CONSTRAINT "metric_pkey";
ALTER TABLE "metric" ADD CONSTRAINT "metric_pkey"
  PRIMARY KEY ("run_id", "name", "owner", "epoch", "step", "at", "value");
create unique index metric_worker_epoch_key on metric (run_id, name, epoch) where owner = 'WORKER';

alter table metric drop constraint metric_place_check, drop constraint metric_value_check,
  drop constraint metric_external_name_check;
alter table metric
  add constraint metric_place_check check (epoch >= 0 and (owner = 'EXTERNAL' or (epoch > 0 and step >= 0))),
  add constraint metric_value_check check (owner = 'EXTERNAL' or (value > '-Infinity' and value < 'Infinity'));

-- As before. What comes from outside into a worker's run is finite, once an epoch, and has no name of the worker's sides.
create or replace function guard_worker_metrics() returns trigger language plpgsql as $$
declare
  stranger record;
begin
  select added.run_id, added.name, added.epoch into stranger from added
  where owner = 'WORKER' and not exists (
    select from run where id = added.run_id and status = 'RUNNING' and epochs_done = added.epoch and origin = 'WORKER');
  if found then
    raise exception 'The number % at epoch % of run % is not of the epoch that its worker has just done.',
      stranger.name, stranger.epoch, stranger.run_id using errcode = 'restrict_violation';
  end if;
  -- Most batches are of external programs' runs alone: one look at the runs tells.
  if not exists (select from run where origin = 'WORKER'
                 and id in (select run_id from added where owner = 'EXTERNAL' group by run_id)) then
    return null;
  end if;
  select added.run_id, added.name into stranger from added join run on run.id = added.run_id
  where owner = 'EXTERNAL' and origin = 'WORKER' and added.name ~ '^(train|validation|test)\.';
  if found then
    raise exception 'The name % is the worker''s own in run %.', stranger.name, stranger.run_id
      using errcode = 'restrict_violation';
  end if;
  select added.run_id, added.name into stranger from added join run on run.id = added.run_id
  where owner = 'EXTERNAL' and origin = 'WORKER'
    and (epoch < 1 or step < 0 or not (value > '-Infinity' and value < 'Infinity')
         or (select count(*) from metric where metric.run_id = added.run_id and metric.name = added.name
             and metric.owner = 'EXTERNAL' and metric.epoch = added.epoch) > 1);
  if found then
    raise exception 'A number % of run % is not finite, has no epoch, or is there already.', stranger.name, stranger.run_id
      using errcode = 'restrict_violation';
  end if;
  return null;
end $$;

-- What external programs keep with their runs ------------------------------------------------------------------------

CREATE TABLE "external_run" (
    "run_id" UUID NOT NULL,
    "client" TEXT NOT NULL DEFAULT '',
    "heard_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "silent_since" TIMESTAMPTZ(3),

    CONSTRAINT "external_run_pkey" PRIMARY KEY ("run_id")
);
CREATE INDEX "external_run_heard_at_idx" ON "external_run"("heard_at");
ALTER TABLE "external_run" ADD CONSTRAINT "external_run_run_id_fkey"
  FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

create function guard_external_run_insert() returns trigger language plpgsql as $$
begin
  if not exists (select from run where id = new.run_id and origin = 'EXTERNAL') then
    raise exception 'Run % is no external program''s.', new.run_id using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger external_run_guard before insert on external_run
  for each row execute function guard_external_run_insert();

CREATE TABLE "run_label" (
    "run_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "run_label_pkey" PRIMARY KEY ("run_id","key")
);
CREATE INDEX "run_label_key_idx" ON "run_label"("key");
ALTER TABLE "run_label" ADD CONSTRAINT "run_label_run_id_fkey"
  FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;
alter table run_label add constraint run_label_key_check check (key <> '');

CREATE TABLE "run_file" (
    "run_id" UUID NOT NULL,
    "path" TEXT NOT NULL,
    "artifact_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "run_file_pkey" PRIMARY KEY ("run_id","path")
);
CREATE INDEX "run_file_artifact_hash_idx" ON "run_file"("artifact_hash");
ALTER TABLE "run_file" ADD CONSTRAINT "run_file_run_id_fkey"
  FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "run_file" ADD CONSTRAINT "run_file_artifact_hash_fkey"
  FOREIGN KEY ("artifact_hash") REFERENCES "artifact"("hash") ON DELETE RESTRICT ON UPDATE CASCADE;
alter table run_file add constraint run_file_path_check check (path <> '' and path !~ '(^|/)\.{0,2}(/|$)');

CREATE TABLE "logged_batch" (
    "run_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "logged_batch_pkey" PRIMARY KEY ("run_id","key")
);
ALTER TABLE "logged_batch" ADD CONSTRAINT "logged_batch_run_id_fkey"
  FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;
alter table logged_batch add constraint logged_batch_key_check check (key <> '');
