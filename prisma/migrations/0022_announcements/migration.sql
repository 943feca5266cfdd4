-- What happened, numbered over everything in the order in which it became visible, and who is told of it. An announcement
-- and its deliveries are written by the transaction that they speak of: there is none without the other.
CREATE TABLE "announcement" (
    "number" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "facts" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "announcement_pkey" PRIMARY KEY ("number")
);
alter table announcement add constraint announcement_kind_check check (kind in (
  'RUN_QUEUED', 'RUN_RUNNING', 'RUN_SUCCEEDED', 'RUN_FAILED', 'RUN_CANCELED', 'EVALUATION_READY', 'CHAMPION_MOVED',
  'IMPORT_SUCCEEDED', 'IMPORT_FAILED', 'IMPORT_CANCELED'));
create trigger announcement_append_only before update or delete on announcement
  for each row execute function refuse_change();
create trigger announcement_no_truncate before truncate on announcement
  for each statement execute function refuse_truncate();

CREATE TABLE "receiver" (
    "id" UUID NOT NULL,
    "medium" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "kinds" TEXT[],
    "secret" TEXT,
    "added_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "paused_at" TIMESTAMPTZ(3),
    "pause_reason" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "receiver_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "receiver_medium_address_key" ON "receiver"("medium", "address");
alter table receiver
  add constraint receiver_medium_check check (medium in ('WEBHOOK', 'MAIL')),
  add constraint receiver_kinds_check check (kinds <@ array[
    'RUN_QUEUED', 'RUN_RUNNING', 'RUN_SUCCEEDED', 'RUN_FAILED', 'RUN_CANCELED', 'EVALUATION_READY', 'CHAMPION_MOVED',
    'IMPORT_SUCCEEDED', 'IMPORT_FAILED', 'IMPORT_CANCELED']),
  add constraint receiver_kinds_not_empty_check check (kinds is not null and cardinality(kinds) > 0),
  add constraint receiver_secret_check check ((medium = 'WEBHOOK') = (secret is not null));

CREATE TABLE "delivery" (
    "id" UUID NOT NULL,
    "receiver_id" UUID NOT NULL,
    "announcement_number" INTEGER,
    "status" TEXT NOT NULL DEFAULT 'PENDING',
    "attempts_made" INTEGER NOT NULL DEFAULT 0,
    "attempts_left" INTEGER NOT NULL DEFAULT 10,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "leased_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "delivery_receiver_id_created_at_idx" ON "delivery"("receiver_id", "created_at");
CREATE INDEX "delivery_announcement_number_idx" ON "delivery"("announcement_number");
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_receiver_id_fkey"
  FOREIGN KEY ("receiver_id") REFERENCES "receiver"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_announcement_number_fkey"
  FOREIGN KEY ("announcement_number") REFERENCES "announcement"("number") ON DELETE RESTRICT ON UPDATE CASCADE;
alter table delivery
  add constraint delivery_status_check check (status in ('PENDING', 'DELIVERED', 'FAILED')),
  add constraint delivery_attempts_check check (attempts_made >= 0 and attempts_left >= 0),
  add constraint delivery_finished_check check ((status = 'PENDING') = (finished_at is null));
create index delivery_pending on delivery (receiver_id, due_at, id) where status = 'PENDING';

CREATE TABLE "delivery_attempt" (
    "delivery_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "answer_status" INTEGER,
    "answer" TEXT NOT NULL DEFAULT '',
    "error" TEXT,

    CONSTRAINT "delivery_attempt_pkey" PRIMARY KEY ("delivery_id","number")
);
ALTER TABLE "delivery_attempt" ADD CONSTRAINT "delivery_attempt_delivery_id_fkey"
  FOREIGN KEY ("delivery_id") REFERENCES "delivery"("id") ON DELETE CASCADE ON UPDATE CASCADE;
create trigger delivery_attempt_never_changes before update on delivery_attempt
  for each row execute function refuse_change();

-- Called at the end of a commit (deferred triggers), so that the lock is held for the commit alone. It makes numbers
-- visible in their order: one that has read up to a number has missed none below it.
create function announce(kind text, facts jsonb) returns void language plpgsql as $$
declare
  added int;
begin
  perform pg_advisory_xact_lock(hashtextextended('microtome announcement', 0));
  select coalesce(max(number), 0) + 1 into added from announcement;
  insert into announcement (number, kind, facts, at) values (added, announce.kind, announce.facts, clock_timestamp());
  insert into delivery (id, receiver_id, announcement_number)
    select gen_random_uuid(), receiver.id, added from receiver
    where announce.kind = any (receiver.kinds) and paused_at is null;
  perform pg_notify('announcement', added::text);
end $$;

create function announce_run() returns trigger language plpgsql as $$
begin
  perform announce('RUN_' || new.status, jsonb_build_object(
    'runId', new.id, 'runName', new.name, 'status', new.status, 'error', new.error,
    'experimentId', new.experiment_id, 'experimentName', (select name from experiment where id = new.experiment_id)));
  return null;
end $$;
create constraint trigger run_insert_announced after insert on run deferrable initially deferred
  for each row execute function announce_run();
create constraint trigger run_status_announced after update on run deferrable initially deferred
  for each row when (old.status is distinct from new.status) execute function announce_run();

create function announce_evaluation() returns trigger language plpgsql as $$
begin
  perform announce('EVALUATION_READY', jsonb_build_object(
    'runId', new.run_id, 'runName', (select name from run where id = new.run_id), 'subset', new.subset,
    'externalEvaluationId', null, 'datasetName', null));
  return null;
end $$;
create constraint trigger evaluation_announced after insert on evaluation deferrable initially deferred
  for each row execute function announce_evaluation();

create function announce_external_evaluation() returns trigger language plpgsql as $$
begin
  perform announce('EVALUATION_READY', jsonb_build_object(
    'runId', new.run_id, 'runName', (select name from run where id = new.run_id), 'subset', null,
    'externalEvaluationId', new.id, 'datasetName', (select name from dataset where id = new.dataset_id)));
  return null;
end $$;
create constraint trigger external_evaluation_announced after update on external_evaluation deferrable initially deferred
  for each row when (new.status = 'SUCCEEDED' and old.status is distinct from new.status)
  execute function announce_external_evaluation();

create function announce_champion() returns trigger language plpgsql as $$
begin
  perform announce('CHAMPION_MOVED', jsonb_build_object(
    'modelId', new.model_id, 'modelName', (select name from model where id = new.model_id), 'act', new.act,
    'promotionId', new.id,
    'versionId', new.version_id, 'versionNumber', (select number from model_version where id = new.version_id),
    'fromVersionId', new.from_version_id,
    'fromVersionNumber', (select number from model_version where id = new.from_version_id),
    'overridden', new.overridden, 'reason', new.reason, 'promotedBy', new.promoted_by));
  return null;
end $$;
create constraint trigger champion_announced after insert on promotion deferrable initially deferred
  for each row when (new.allowed and new.alias_name = 'champion') execute function announce_champion();

create function announce_import() returns trigger language plpgsql as $$
begin
  perform announce('IMPORT_' || new.status, jsonb_build_object(
    'importId', new.id, 'name', new.name, 'status', new.status, 'error', new.error, 'datasetId', new.dataset_id));
  return null;
end $$;
create constraint trigger import_announced after update on dataset_import deferrable initially deferred
  for each row when (new.status <> 'RUNNING' and old.status is distinct from new.status)
  execute function announce_import();
