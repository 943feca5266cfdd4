-- The analysis of a whole slide by a model version. The row is its own queue, as an external evaluation is. What a worker has
-- computed is kept in blocks until the analysis ends, so that the next worker goes on behind the last of them.

CREATE TABLE "slide_analysis" (
    "id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "path" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "tile_px" INTEGER NOT NULL,
    "microns_per_pixel" DOUBLE PRECISION NOT NULL,
    "told_microns_per_pixel" DOUBLE PRECISION,
    "threshold" DOUBLE PRECISION NOT NULL,
    "requested_by" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'QUEUED',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "lost_attempts" INTEGER NOT NULL DEFAULT 0,
    "worker_id" TEXT,
    "heartbeat_at" TIMESTAMPTZ(3),
    "patches_done" INTEGER NOT NULL DEFAULT 0,
    "patches_total" INTEGER NOT NULL DEFAULT 0,
    "patches_per_second" DOUBLE PRECISION,
    "backend" TEXT,
    "error" TEXT,
    "file_digest" TEXT,
    "file_width_px" INTEGER,
    "file_height_px" INTEGER,
    "file_microns_per_pixel" DOUBLE PRECISION,
    "artifact_hash" TEXT,
    "called_patches" INTEGER,
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "started_at" TIMESTAMPTZ(3),
    "cancel_requested_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "slide_analysis_pkey" PRIMARY KEY ("id"),
    constraint slide_analysis_status_check check (status in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED')),
    constraint slide_analysis_asked_check check (path <> '' and name <> '' and tile_px > 0 and microns_per_pixel > 0
      and coalesce(told_microns_per_pixel > 0, true) and threshold between 0 and 1),
    constraint slide_analysis_counts_check
      check (attempt >= 0 and lost_attempts between 0 and attempt and patches_done between 0 and patches_total),
    constraint slide_analysis_file_check check (
      num_nulls(file_digest, file_width_px, file_height_px, file_microns_per_pixel) in (0, 4)
      and file_digest ~ '^[0-9a-f]{64}$' and file_width_px > 0 and file_height_px > 0 and file_microns_per_pixel > 0
      and (patches_total = 0 or file_digest is not null)),
    constraint slide_analysis_running_check
      check (status <> 'RUNNING' or (worker_id is not null and heartbeat_at is not null and started_at is not null)),
    constraint slide_analysis_queued_check check (status <> 'QUEUED' or cancel_requested_at is null),
    constraint slide_analysis_failed_check check (status <> 'FAILED' or (error is not null and finished_at is not null)),
    constraint slide_analysis_canceled_check
      check (status <> 'CANCELED' or (cancel_requested_at is not null and finished_at is not null)),
    constraint slide_analysis_succeeded_check check (case when status = 'SUCCEEDED'
      then artifact_hash is not null and patches_total > 0 and patches_done = patches_total and finished_at is not null
        and backend is not null and called_patches between 0 and patches_total
      else artifact_hash is null and called_patches is null end)
);
CREATE INDEX "slide_analysis_version_id_created_at_idx" ON "slide_analysis"("version_id", "created_at");
CREATE INDEX "slide_analysis_created_by_idx" ON "slide_analysis"("created_by");
CREATE INDEX "slide_analysis_artifact_hash_idx" ON "slide_analysis"("artifact_hash");
CREATE INDEX "slide_analysis_status_idx" ON "slide_analysis"("status");
ALTER TABLE "slide_analysis" ADD CONSTRAINT "slide_analysis_version_id_fkey"
  FOREIGN KEY ("version_id") REFERENCES "model_version"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "slide_analysis" ADD CONSTRAINT "slide_analysis_artifact_hash_fkey"
  FOREIGN KEY ("artifact_hash") REFERENCES "artifact"("hash") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "slide_analysis" ADD CONSTRAINT "slide_analysis_created_by_fkey"
  FOREIGN KEY ("created_by") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
-- A version looks at a file once at a time.
create unique index slide_analysis_open_key on slide_analysis (version_id, path)
  where status in ('QUEUED', 'RUNNING') and cancel_requested_at is null;

-- Which squares are read, in what order: found once, so that an analysis that goes on asks about the same ones.
CREATE TABLE "slide_analysis_plan" (
    "analysis_id" UUID NOT NULL,
    "columns" INTEGER NOT NULL,
    "rows" INTEGER NOT NULL,
    "places" BYTEA NOT NULL,

    CONSTRAINT "slide_analysis_plan_pkey" PRIMARY KEY ("analysis_id"),
    constraint slide_analysis_plan_check check (columns > 0 and rows > 0 and octet_length(places) > 0
      and octet_length(places) % 4 = 0)
);
ALTER TABLE "slide_analysis_plan" ADD CONSTRAINT "slide_analysis_plan_analysis_id_fkey"
  FOREIGN KEY ("analysis_id") REFERENCES "slide_analysis"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Probabilities in the order of the plan, from its square number `first` on.
CREATE TABLE "slide_analysis_block" (
    "analysis_id" UUID NOT NULL,
    "first" INTEGER NOT NULL,
    "probabilities" BYTEA NOT NULL,

    CONSTRAINT "slide_analysis_block_pkey" PRIMARY KEY ("analysis_id","first"),
    constraint slide_analysis_block_check check (first >= 0 and octet_length(probabilities) > 0
      and octet_length(probabilities) % 8 = 0)
);
ALTER TABLE "slide_analysis_block" ADD CONSTRAINT "slide_analysis_block_analysis_id_fkey"
  FOREIGN KEY ("analysis_id") REFERENCES "slide_analysis"("id") ON DELETE CASCADE ON UPDATE CASCADE;

create function guard_slide_analysis() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.status <> 'QUEUED' then
      raise exception 'The analysis of a slide begins as QUEUED.' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if old.status in ('SUCCEEDED', 'FAILED', 'CANCELED') then
    raise exception 'The analysis of a slide that has ended never changes.' using errcode = 'restrict_violation';
  end if;
  if new.status = 'SUCCEEDED' and old.status <> 'RUNNING' then
    raise exception 'The analysis of a slide succeeds by the worker that computes it.' using errcode = 'restrict_violation';
  end if;
  if (old.version_id, old.path, old.tile_px, old.microns_per_pixel, old.told_microns_per_pixel, old.threshold,
      old.requested_by, old.created_at) is distinct from
     (new.version_id, new.path, new.tile_px, new.microns_per_pixel, new.told_microns_per_pixel, new.threshold,
      new.requested_by, new.created_at) or new.attempt < old.attempt then
    raise exception 'What the analysis of a slide was asked to do never changes.' using errcode = 'restrict_violation';
  end if;
  if old.file_digest is not null and (old.file_digest, old.patches_total) is distinct from (new.file_digest, new.patches_total) then
    raise exception 'The slide that is analysed never changes.' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger slide_analysis_guard before insert or update on slide_analysis
  for each row execute function guard_slide_analysis();

create trigger slide_analysis_creator_stays before update of created_by on slide_analysis
  for each row when (new.created_by is distinct from old.created_by) execute function refuse_other_creator();

-- What was kept to go on is of no use once it has ended.
create function drop_analysis_blocks() returns trigger language plpgsql as $$
begin
  delete from slide_analysis_block where analysis_id = new.id;
  delete from slide_analysis_plan where analysis_id = new.id;
  return null;
end $$;
create trigger slide_analysis_end after update on slide_analysis
  for each row when (old.status is distinct from new.status and new.status in ('SUCCEEDED', 'FAILED', 'CANCELED'))
  execute function drop_analysis_blocks();

-- A worker or a page that waits for runs looks again.
create function notify_slide_analysis() returns trigger language plpgsql as $$
begin
  perform pg_notify('run_changed', run_id::text) from model_version where id = new.version_id;
  return null;
end $$;
create trigger slide_analysis_insert_notify after insert on slide_analysis
  for each row execute function notify_slide_analysis();
create trigger slide_analysis_update_notify after update on slide_analysis
  for each row when (old.status is distinct from new.status) execute function notify_slide_analysis();
