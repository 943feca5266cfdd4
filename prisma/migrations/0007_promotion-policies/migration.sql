-- A model's policy becomes a row a change, with who and why; what is done with an alias is promoting, demoting or
-- rolling back, numbered within its model and judged by one version of the policy.

create table "promotion_policy" (
    "model_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "policy" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "changed_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "promotion_policy_pkey" PRIMARY KEY ("model_id","version")
);
alter table "promotion_policy" add constraint "promotion_policy_model_id_fkey"
  foreign key ("model_id") references "model"("id") on delete cascade on update cascade;
insert into promotion_policy (model_id, version, policy, reason, changed_by, created_at)
  select id, 1, policy, 'The policy that the model was made with.', 'unknown', created_at from model;

alter table model drop column policy, add column intended_use text not null default '';

alter table promotion
  add column number int not null default 0,
  add column act text not null default 'PROMOTE',
  add column policy_version int not null default 1;
alter table promotion
  alter column number drop default,
  alter column act drop default,
  alter column policy_version drop default;
alter table promotion disable trigger promotion_no_update;
update promotion set number = numbered.number
  from (select id, row_number() over (partition by model_id order by created_at, id) as number from promotion) as numbered
  where numbered.id = promotion.id;
alter table promotion enable trigger promotion_no_update;
create unique index "promotion_model_id_number_key" on promotion(model_id, number);
alter table "promotion" add constraint "promotion_model_id_policy_version_fkey"
  foreign key ("model_id", "policy_version") references "promotion_policy"("model_id", "version")
  on delete restrict on update cascade;

-- Checks --------------------------------------------------------------------------------------------------------

alter table promotion_policy
  add constraint promotion_policy_version_check check (version > 0),
  add constraint promotion_policy_who_check check (btrim(changed_by) <> '' and btrim(reason) <> '');

alter table promotion
  add constraint promotion_number_check check (number > 0),
  add constraint promotion_act_check check (act in ('PROMOTE', 'DEMOTE', 'ROLL_BACK')),
  add constraint promotion_demote_check
    check (act <> 'DEMOTE' or (allowed and from_version_id is not distinct from version_id)),
  add constraint promotion_overridable_check check (not overridden or act = 'PROMOTE'),
  add constraint promotion_judged_check
    check (not allowed or act = 'DEMOTE' or jsonb_path_exists(verdict, '$.rules[0]')),
  add constraint promotion_safety_check
    check (not allowed or not jsonb_path_exists(verdict, '$.rules[*] ? (@.kind == "safety" && @.passed != true)')),
  add constraint promotion_quality_check
    check (not allowed or overridden
      or not jsonb_path_exists(verdict, '$.rules[*] ? (@.kind == "quality" && @.passed != true)'));

-- Guards --------------------------------------------------------------------------------------------------------

-- Changes of a policy and acts on an alias take turns at the row of their model, so that each sees the other.
create function guard_promotion_policy() returns trigger language plpgsql as $$
begin
  perform from model where id = new.model_id for no key update;
  if new.version <> (select coalesce(max(version), 0) + 1 from promotion_policy where model_id = new.model_id) then
    raise exception 'Version % of the policy does not follow the newest.', new.version
      using errcode = 'unique_violation';
  end if;
  return new;
end $$;
create trigger promotion_policy_guard before insert on promotion_policy for each row execute function guard_promotion_policy();

create trigger promotion_policy_no_update before update on promotion_policy
  for each statement execute function refuse_change();
create function refuse_promotion_policy_delete() returns trigger language plpgsql as $$
begin
  if exists (select from model join gone on gone.model_id = model.id) then
    raise exception 'A policy stays on record as long as its model.' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger promotion_policy_no_delete after delete on promotion_policy referencing old table as gone
  for each statement execute function refuse_promotion_policy_delete();
create trigger promotion_policy_no_truncate before truncate on promotion_policy
  for each statement execute function refuse_truncate();

-- The verdict says what the gate found; this looks for itself at what must never be otherwise.
create function guard_promotion() returns trigger language plpgsql as $$
begin
  perform from model where id = new.model_id for no key update;
  if new.number <> (select coalesce(max(number), 0) + 1 from promotion where model_id = new.model_id) then
    raise exception 'Number % does not follow the newest promotion.', new.number using errcode = 'unique_violation';
  end if;
  if new.policy_version <> (select max(version) from promotion_policy where model_id = new.model_id) then
    raise exception 'Version % of the policy is not in force.', new.policy_version using errcode = 'restrict_violation';
  end if;
  if new.allowed and new.act <> 'DEMOTE' and not exists (
    select from model_version
      join run on run.id = model_version.run_id
      join split on split.id = run.split_id
      join evaluation on evaluation.run_id = run.id and evaluation.subset = 'TEST'
    where model_version.id = new.version_id and (split.audit ->> 'passed') is distinct from 'false'
  ) then
    raise exception 'A version is promoted only once its TEST is evaluated, and never on a split whose audit failed.'
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger promotion_guard before insert on promotion for each row execute function guard_promotion();

create function check_alias_follows_record() returns trigger language plpgsql as $$
declare
  subject jsonb := to_jsonb(coalesce(new, old));
  of_model uuid := subject ->> 'model_id';
  of_name text := coalesce(subject ->> 'alias_name', subject ->> 'name');
  held_by uuid;
  put_by uuid;
begin
  if not exists (select from model where id = of_model) then return null; end if;
  select promotion_id into held_by from alias where model_id = of_model and name = of_name;
  select case when act = 'DEMOTE' then null else id end into put_by from promotion
    where model_id = of_model and alias_name = of_name and allowed order by number desc limit 1;
  if held_by is distinct from put_by then
    raise exception 'The alias % is not where the newest promotion on record put it.', of_name
      using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger promotion_moves_alias after insert on promotion
  deferrable initially deferred for each row when (new.allowed) execute function check_alias_follows_record();
create constraint trigger alias_follows_record after insert or update or delete on alias
  deferrable initially deferred for each row execute function check_alias_follows_record();

create function refuse_test_evaluation_change() returns trigger language plpgsql as $$
begin
  if old.subset = 'TEST' and (tg_op = 'UPDATE' or exists (select from run where id = old.run_id)) then
    raise exception 'TEST of run % is evaluated once.', old.run_id using errcode = 'restrict_violation';
  end if;
  return case tg_op when 'UPDATE' then new else old end;
end $$;
create trigger evaluation_test_once before update or delete on evaluation
  for each row execute function refuse_test_evaluation_change();
