-- The model of an external program's run: a file of the run, which a worker checks on a sample before anything is made of it.
-- The row is its own queue, as an external evaluation is.

CREATE TABLE "model_check" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "file_hash" TEXT NOT NULL,
    "model_input" JSONB NOT NULL,
    "requested_by" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'QUEUED',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "lost_attempts" INTEGER NOT NULL DEFAULT 0,
    "worker_id" TEXT,
    "heartbeat_at" TIMESTAMPTZ(3),
    "patches_done" INTEGER NOT NULL DEFAULT 0,
    "patches_total" INTEGER NOT NULL DEFAULT 0,
    "signature" JSONB,
    "tolerance" DOUBLE PRECISION,
    "max_difference" DOUBLE PRECISION,
    "worst_patch" INTEGER,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "started_at" TIMESTAMPTZ(3),
    "cancel_requested_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "model_check_pkey" PRIMARY KEY ("id"),
    constraint model_check_status_check check (status in ('QUEUED', 'RUNNING', 'PASSED', 'FAILED', 'CANCELED')),
    constraint model_check_counts_check
      check (attempt >= 0 and lost_attempts between 0 and attempt and patches_done between 0 and patches_total),
    constraint model_check_running_check
      check (status <> 'RUNNING' or (worker_id is not null and heartbeat_at is not null and started_at is not null)),
    constraint model_check_queued_check check (status <> 'QUEUED' or cancel_requested_at is null),
    constraint model_check_failed_check check (status <> 'FAILED' or (error is not null and finished_at is not null)),
    constraint model_check_canceled_check
      check (status <> 'CANCELED' or (cancel_requested_at is not null and finished_at is not null)),
    constraint model_check_passed_check check (status <> 'PASSED' or
      (patches_total > 0 and worker_id is not null and finished_at is not null and signature is not null
        and max_difference is not null and tolerance is not null and max_difference between 0 and tolerance))
);
CREATE INDEX "model_check_run_id_created_at_idx" ON "model_check"("run_id", "created_at");
CREATE INDEX "model_check_status_idx" ON "model_check"("status");
ALTER TABLE "model_check" ADD CONSTRAINT "model_check_run_id_fkey"
  FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;
-- A run has one check under way, and a file passes once.
create unique index model_check_open_key on model_check (run_id)
  where status in ('QUEUED', 'RUNNING') and cancel_requested_at is null;
create unique index model_check_passed_key on model_check (run_id, file_hash) where status = 'PASSED';

create function guard_model_check() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.status <> 'QUEUED' or not exists (select from run where id = new.run_id and origin = 'EXTERNAL') then
      raise exception 'A model check begins as QUEUED, and is of an EXTERNAL run.' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if old.status = 'PASSED' then
    raise exception 'A model check that passed never changes.' using errcode = 'restrict_violation';
  end if;
  if new.status = 'PASSED' and old.status <> 'RUNNING' then
    raise exception 'A model check passes by the worker that runs it.' using errcode = 'restrict_violation';
  end if;
  if (old.run_id, old.file_hash, old.model_input, old.created_at) is distinct from
     (new.run_id, new.file_hash, new.model_input, new.created_at) or new.attempt < old.attempt then
    raise exception 'What a model check was asked to do never changes.' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger model_check_guard before insert or update on model_check
  for each row execute function guard_model_check();

-- Whether anything was made of the model of an external program's run.
create function is_model_in_use(asked uuid) returns boolean language sql stable as $$
  select exists (select from run where id = asked and origin = 'EXTERNAL')
    and (exists (select from model_version where run_id = asked)
      or exists (select from external_evaluation where run_id = asked))
$$;

create function guard_passed_model_check() returns trigger language plpgsql as $$
begin
  if is_model_in_use(old.run_id) then
    raise exception 'Run % has a version or an exam: the check of its model stays.', old.run_id
      using errcode = 'restrict_violation';
  end if;
  return old;
end $$;
create trigger model_check_delete_guard before delete on model_check
  for each row when (old.status = 'PASSED') execute function guard_passed_model_check();

-- Whether the very file that is there now has passed. Holds the file's row, so that it is not replaced meanwhile.
create function has_checked_model(asked uuid) returns boolean language plpgsql as $$
begin
  perform from run_file where run_id = asked and path = 'model.onnx' for share;
  return exists (
    select from run_file join model_check on model_check.run_id = run_file.run_id and file_hash = artifact_hash
    where run_file.run_id = asked and path = 'model.onnx' and model_check.status = 'PASSED');
end $$;

create or replace function guard_model_of_run() returns trigger language plpgsql as $$
begin
  if exists (select from run where id = new.run_id and origin = 'EXTERNAL') and not has_checked_model(new.run_id) then
    raise exception 'Run % is EXTERNAL, and its model.onnx has not passed a check.', new.run_id
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create function guard_model_of_promotion() returns trigger language plpgsql as $$
declare
  promoted uuid;
begin
  select run.id into promoted from model_version join run on run.id = model_version.run_id
  where model_version.id = new.version_id and origin = 'EXTERNAL';
  if found and not has_checked_model(promoted) then
    raise exception 'Run % is EXTERNAL, and its model.onnx has not passed a check.', promoted
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger promotion_model_guard before insert on promotion
  for each row when (new.allowed and new.act <> 'DEMOTE') execute function guard_model_of_promotion();

-- A file that has a version or an exam is theirs.
create function guard_model_file() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if (new.run_id, new.path, new.artifact_hash) is not distinct from (old.run_id, old.path, old.artifact_hash) then
      return new;
    end if;
  end if;
  if is_model_in_use(old.run_id) then
    raise exception 'Run % has a version or an exam: its model.onnx stays.', old.run_id
      using errcode = 'restrict_violation';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger run_file_model_guard before update or delete on run_file
  for each row when (old.path = 'model.onnx') execute function guard_model_file();

-- A worker or a page that waits for runs looks again.
create function notify_model_check() returns trigger language plpgsql as $$
begin
  perform pg_notify('run_changed', new.run_id::text);
  return null;
end $$;
create trigger model_check_insert_notify after insert on model_check
  for each row execute function notify_model_check();
create trigger model_check_update_notify after update on model_check
  for each row when (old.status is distinct from new.status) execute function notify_model_check();
