-- How often TEST of a split may be opened, as somebody has promised: the newest promise holds, and all of them stay on record.

CREATE TABLE "test_budget" (
    "id" UUID NOT NULL,
    "split_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "openings" INTEGER NOT NULL,
    "set_by" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "test_budget_pkey" PRIMARY KEY ("id"),
    constraint test_budget_number_check check (number > 0),
    constraint test_budget_openings_check check (openings between 0 and 10000),
    constraint test_budget_who_check check (btrim(set_by) <> '' and btrim(reason) <> '')
);
CREATE UNIQUE INDEX "test_budget_split_id_number_key" ON "test_budget"("split_id", "number");
ALTER TABLE "test_budget" ADD CONSTRAINT "test_budget_split_id_fkey"
  FOREIGN KEY ("split_id") REFERENCES "split"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Openings of one split, and promises about them, take turns.
create function lock_test_of_split(split_id uuid) returns integer language plpgsql as $$
begin
  perform from split where id = split_id for no key update;
  return (select count(*) from test_opening where test_opening.split_id = lock_test_of_split.split_id);
end $$;

create function guard_test_budget() returns trigger language plpgsql as $$
declare
  opened integer := lock_test_of_split(new.split_id);
begin
  if new.openings < opened then
    raise exception 'TEST of split % was opened % times, and a budget of % comes too late.', new.split_id, opened, new.openings
      using errcode = 'restrict_violation';
  end if;
  if new.number <> 1 + (select count(*) from test_budget where split_id = new.split_id) then
    raise exception 'Budgets of a split are numbered from 1, without a gap.' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger test_budget_guard before insert on test_budget for each row execute function guard_test_budget();

create function hold_test_budget() returns trigger language plpgsql as $$
declare
  opened integer := lock_test_of_split(new.split_id);
  budget integer := (select openings from test_budget where split_id = new.split_id order by number desc limit 1);
begin
  if opened >= budget then
    raise exception 'TEST of split % may be opened % times, and was.', new.split_id, budget using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger test_opening_budget before insert on test_opening for each row execute function hold_test_budget();

create trigger test_budget_no_update before update on test_budget for each statement execute function refuse_change();
create function refuse_test_budget_delete() returns trigger language plpgsql as $$
begin
  if exists (select from split join gone on gone.split_id = split.id) then
    raise exception 'A budget of TEST stays as long as its split.' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger test_budget_no_delete after delete on test_budget referencing old table as gone
  for each statement execute function refuse_test_budget_delete();
create trigger test_budget_no_truncate before truncate on test_budget for each statement execute function refuse_truncate();
