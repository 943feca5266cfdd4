-- A series belongs to the worker that trains the run, or to what adds numbers from outside. The names of sides
-- (`train.…`, `validation.…`, `test.…`) are the worker's. Its numbers are written with their epoch and at no other time;
-- the owner is part of the key, so that numbers from outside never stand in its way, whatever their name.

ALTER TABLE "metric" ADD COLUMN "owner" TEXT NOT NULL DEFAULT 'WORKER';

-- What is there already: an epoch's numbers were written within the transaction (two minutes at most) that ended with
-- the epoch's event. All others came from outside; where they took a name of the worker's, they get one of their own.
alter table metric disable trigger metric_no_update;
update metric set owner = 'EXTERNAL',
  name = case when name ~ '^(train|validation|test)\.' then 'external.' || name else name end
where not (
  (name ~ '^(train|validation)\.' or name in (
    'learningRate', 'patchesPerSecond', 'seconds', 'stepSeconds', 'dataSeconds', 'evaluationSeconds',
    'residentMemoryBytes', 'gpuMemoryBytes', 'gpuUse', 'tensorsAlive'))
  and exists (
    select from run_event
    where run_event.run_id = metric.run_id and kind = 'EPOCH' and (payload ->> 'epoch')::int = metric.epoch
      and metric.at between run_event.at - interval '2 minutes' and run_event.at + interval '1 second'));
alter table metric enable trigger metric_no_update;

ALTER TABLE "metric" ALTER COLUMN "owner" DROP DEFAULT;
ALTER TABLE "metric" DROP CONSTRAINT "metric_pkey";
ALTER TABLE "metric" ADD CONSTRAINT "metric_pkey" PRIMARY KEY ("run_id", "name", "owner", "epoch");

alter table metric
  add constraint metric_owner_check check (owner in ('WORKER', 'EXTERNAL')),
  add constraint metric_external_name_check check (owner = 'WORKER' or name !~ '^(train|validation|test)\.');

create function guard_worker_metrics() returns trigger language plpgsql as $$
declare
  stranger record;
begin
  select added.run_id, added.name, added.epoch into stranger from added
  where owner = 'WORKER' and not exists (
    select from run where id = added.run_id and status = 'RUNNING' and epochs_done = added.epoch);
  if found then
    raise exception 'The number % at epoch % of run % is not of the epoch that its worker has just done.',
      stranger.name, stranger.epoch, stranger.run_id using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger metric_worker_guard after insert on metric referencing new table as added
  for each statement execute function guard_worker_metrics();
