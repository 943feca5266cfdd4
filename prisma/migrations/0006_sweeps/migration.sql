-- AlterTable
ALTER TABLE "run" ADD COLUMN     "sweep_place" INTEGER,
ADD COLUMN     "sweep_rung" INTEGER;

-- AlterTable
ALTER TABLE "sweep" ADD COLUMN     "rungs_made" INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "sweep_opening" (
    "id" UUID NOT NULL,
    "sweep_id" UUID NOT NULL,
    "opened_by" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "metrics" JSONB NOT NULL,
    "intervals" JSONB NOT NULL,
    "draws" INTEGER NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sweep_opening_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "sweep_opening_sweep_id_key" ON "sweep_opening"("sweep_id");

-- CreateIndex
CREATE UNIQUE INDEX "run_sweep_id_sweep_rung_sweep_place_key" ON "run"("sweep_id", "sweep_rung", "sweep_place");

-- AddForeignKey
ALTER TABLE "sweep_opening" ADD CONSTRAINT "sweep_opening_sweep_id_fkey" FOREIGN KEY ("sweep_id") REFERENCES "sweep"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Runs of sweeps that are there already take their places in launch order.
update run set sweep_rung = 0, sweep_place = listed.place
from (select id, row_number() over (partition by sweep_id order by id) - 1 as place from run where sweep_id is not null) as listed
where listed.id = run.id;

alter table run
  add constraint run_sweep_place_check check (
    (sweep_id is null or sweep_rung is not null) and (sweep_rung is null) = (sweep_place is null)
    and sweep_rung >= 0 and sweep_place >= 0);
alter table sweep
  add constraint sweep_rungs_check check (rungs_made >= 1 and (strategy = 'HALVING' or rungs_made = 1));
alter table sweep_opening
  add constraint sweep_opening_who_check check (btrim(opened_by) <> '' and btrim(reason) <> ''),
  add constraint sweep_opening_draws_check check (draws >= 0);

-- The runs of one setting: the same split and hyperparameters but for the seed.
create index run_setting_key on run (split_id, md5((hyperparameters - 'seed')::text));

-- Sweeps ------------------------------------------------------------------------------------------------------

create function guard_sweep_update() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - array['name', 'canceled_at', 'rungs_made'])
     <> (to_jsonb(old) - array['name', 'canceled_at', 'rungs_made']) then
    raise exception 'What sweep % was asked for never changes.', old.id using errcode = 'restrict_violation';
  end if;
  if old.canceled_at is not null and new.canceled_at is distinct from old.canceled_at then
    raise exception 'Sweep % was cancelled, and stays so.', old.id using errcode = 'restrict_violation';
  end if;
  if new.rungs_made <> old.rungs_made and (new.rungs_made <> old.rungs_made + 1 or old.canceled_at is not null) then
    raise exception 'The rungs of sweep % are made one after the other, and none after a cancel.', old.id
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger sweep_guard before update on sweep for each row execute function guard_sweep_update();

-- The lock makes a launch and a cancel take turns: after the cancel no run is added, before it each is seen by it.
create function guard_sweep_run_insert() returns trigger language plpgsql as $$
declare
  taken sweep;
begin
  if new.sweep_id is null then return new; end if;
  select * into taken from sweep where id = new.sweep_id for share;
  if taken.canceled_at is not null then
    raise exception 'Sweep % was cancelled: it takes no more runs.', new.sweep_id using errcode = 'restrict_violation';
  end if;
  if new.sweep_rung >= taken.rungs_made then
    raise exception 'Rung % of sweep % is not made yet.', new.sweep_rung, new.sweep_id using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger run_sweep_insert_guard before insert on run for each row execute function guard_sweep_run_insert();

create function guard_sweep_run_update() returns trigger language plpgsql as $$
begin
  raise exception 'Run % keeps its sweep and its place in it.', old.id using errcode = 'restrict_violation';
end $$;
create trigger run_sweep_guard before update on run for each row
  when ((old.sweep_id, old.sweep_rung, old.sweep_place) is distinct from (new.sweep_id, new.sweep_rung, new.sweep_place))
  execute function guard_sweep_run_update();

-- TEST of a cross-validation ----------------------------------------------------------------------------------

-- At commit, TEST of all folds of a cross-validation is open, with the row that says who and why, or of none.
create function check_folds_opened(sweep_id uuid) returns void language plpgsql as $$
declare
  folds int;
  opened int;
begin
  select jsonb_array_length(definition -> 'splitIds') into folds from sweep
    where id = check_folds_opened.sweep_id and strategy = 'FOLDS';
  if folds is null then return; end if;
  select count(*) into opened from run join test_opening on test_opening.run_id = run.id
    where run.sweep_id = check_folds_opened.sweep_id;
  if opened <> folds or not exists (select from sweep_opening where sweep_opening.sweep_id = check_folds_opened.sweep_id) then
    raise exception 'TEST of a cross-validation is opened for all of its % folds together, not for %.', folds, opened
      using errcode = 'restrict_violation';
  end if;
end $$;

create function check_sweep_opening() returns trigger language plpgsql as $$
begin
  if not exists (select from sweep where id = new.sweep_id and strategy = 'FOLDS') then
    raise exception 'A sweep opens TEST only as a cross-validation.' using errcode = 'restrict_violation';
  end if;
  perform check_folds_opened(new.sweep_id);
  return null;
end $$;
create constraint trigger sweep_opening_whole after insert on sweep_opening deferrable initially deferred
  for each row execute function check_sweep_opening();

create function check_fold_opening() returns trigger language plpgsql as $$
begin
  perform check_folds_opened(sweep_id) from run where id = new.run_id and sweep_id is not null;
  return null;
end $$;
create constraint trigger test_opening_of_fold after insert on test_opening deferrable initially deferred
  for each row execute function check_fold_opening();

create trigger sweep_opening_no_update before update on sweep_opening for each statement execute function refuse_change();
create trigger sweep_opening_no_delete before delete on sweep_opening for each statement execute function refuse_change();
create trigger sweep_opening_no_truncate before truncate on sweep_opening for each statement execute function refuse_truncate();
