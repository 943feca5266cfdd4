-- A model on the patients of another dataset, or of some of its sites: asked for by a person, done by a worker under a lease, kept for good.

CREATE TABLE "external_evaluation" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "task_id" UUID,
    "sites" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "threshold" DOUBLE PRECISION NOT NULL,
    "requested_by" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'QUEUED',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "lost_attempts" INTEGER NOT NULL DEFAULT 0,
    "worker_id" TEXT,
    "heartbeat_at" TIMESTAMPTZ(3),
    "patches_done" INTEGER NOT NULL DEFAULT 0,
    "patches_total" INTEGER NOT NULL DEFAULT 0,
    "backend" TEXT,
    "error" TEXT,
    "artifact_hash" TEXT,
    "metrics" JSONB,
    "intervals" JSONB,
    "draws" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "external_evaluation_pkey" PRIMARY KEY ("id"),
    constraint external_evaluation_status_check check (status in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED')),
    constraint external_evaluation_sites_check check (sites is not null and array_position(sites, null) is null),
    constraint external_evaluation_counts_check
      check (attempt >= 0 and lost_attempts between 0 and attempt and patches_done between 0 and patches_total),
    constraint external_evaluation_running_check
      check (status <> 'RUNNING' or (worker_id is not null and heartbeat_at is not null and started_at is not null)),
    constraint external_evaluation_failed_check check (status <> 'FAILED' or error is not null),
    constraint external_evaluation_succeeded_check check (status <> 'SUCCEEDED' or
      (artifact_hash is not null and backend is not null and finished_at is not null and
        (task_id is not null) = (metrics is not null) and (metrics is null) = (intervals is null)))
);
CREATE INDEX "external_evaluation_dataset_id_idx" ON "external_evaluation"("dataset_id");
CREATE INDEX "external_evaluation_artifact_hash_idx" ON "external_evaluation"("artifact_hash");
CREATE INDEX "external_evaluation_status_idx" ON "external_evaluation"("status");
-- One exam once: asking again gives the one that is there.
create unique index external_evaluation_once_a_task
  on external_evaluation (run_id, dataset_id, task_id, sites) where task_id is not null;
create unique index external_evaluation_once_without_task
  on external_evaluation (run_id, dataset_id, sites) where task_id is null;
ALTER TABLE "external_evaluation" ADD CONSTRAINT "external_evaluation_run_id_fkey"
  FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "external_evaluation" ADD CONSTRAINT "external_evaluation_dataset_id_fkey"
  FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "external_evaluation" ADD CONSTRAINT "external_evaluation_task_id_dataset_id_fkey"
  FOREIGN KEY ("task_id", "dataset_id") REFERENCES "task"("id", "dataset_id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "external_evaluation" ADD CONSTRAINT "external_evaluation_artifact_hash_fkey"
  FOREIGN KEY ("artifact_hash") REFERENCES "artifact"("hash") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What was asked for never changes, a threshold least of all, and neither does a result.
create function guard_external_evaluation() returns trigger language plpgsql as $$
begin
  if old.status = 'SUCCEEDED' then
    raise exception 'An external evaluation that succeeded never changes.' using errcode = 'restrict_violation';
  end if;
  if (old.run_id, old.dataset_id, old.sites, old.threshold, old.created_at)
      is distinct from (new.run_id, new.dataset_id, new.sites, new.threshold, new.created_at)
    or old.task_id is distinct from new.task_id or new.attempt < old.attempt then
    raise exception 'What an external evaluation was asked to do never changes.' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger external_evaluation_guard before update on external_evaluation
  for each row execute function guard_external_evaluation();

create trigger external_evaluation_not_on_deleted before insert on external_evaluation
  for each row execute function refuse_on_deleted_dataset();

-- A worker or a page that waits for runs looks again.
create function notify_external_evaluation() returns trigger language plpgsql as $$
begin
  perform pg_notify('run_changed', new.run_id::text);
  return null;
end $$;
create trigger external_evaluation_insert_notify after insert on external_evaluation
  for each row execute function notify_external_evaluation();
create trigger external_evaluation_update_notify after update on external_evaluation
  for each row when (old.status is distinct from new.status) execute function notify_external_evaluation();
