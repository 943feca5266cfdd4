-- What a source does not tell is not there: a dataset says what its splits are by (its unit), patches may have no place,
-- slides no size. A slide and a unit have a site where the source tells one. Splits may be the publisher's own, or keep
-- every site on one side, which the database holds as it holds it for patients.

alter table dataset
  add column "unit" TEXT NOT NULL default 'PATIENT',
  add column "has_places" BOOLEAN NOT NULL default true;
alter table dataset alter column unit drop default, alter column has_places drop default;
alter table dataset
  add constraint dataset_unit_check check (unit in ('PATIENT', 'SLIDE', 'GROUP', 'NONE'));

alter table dataset_patient add column "site" TEXT;
CREATE UNIQUE INDEX "dataset_patient_dataset_id_patient_id_site_key" ON "dataset_patient"("dataset_id", "patient_id", "site");
alter table dataset_patient add constraint dataset_patient_site_check check (btrim(site) <> '');

alter table slide
  add column "site" TEXT,
  alter column width_px drop not null,
  alter column height_px drop not null;
alter table slide
  add constraint slide_site_check check (btrim(site) <> ''),
  add constraint slide_sides_check check ((width_px is null) = (height_px is null));

alter table patch
  add column "given_subset" TEXT,
  alter column x drop not null,
  alter column y drop not null;
alter table patch
  add constraint patch_given_subset_check check (given_subset in ('TRAIN', 'VALIDATION', 'TEST')),
  add constraint patch_both_places_check check ((x is null) = (y is null));

-- Splits -------------------------------------------------------------------------------------------------------------

CREATE TABLE "split_site" (
    "split_id" UUID NOT NULL,
    "site" TEXT NOT NULL,
    "subset" TEXT NOT NULL,

    CONSTRAINT "split_site_pkey" PRIMARY KEY ("split_id","site")
);
CREATE UNIQUE INDEX "split_site_split_id_site_subset_key" ON "split_site"("split_id", "site", "subset");
ALTER TABLE "split_site" ADD CONSTRAINT "split_site_split_id_fkey"
  FOREIGN KEY ("split_id") REFERENCES "split"("id") ON DELETE CASCADE ON UPDATE CASCADE;
alter table split_site
  add constraint split_site_site_check check (btrim(site) <> ''),
  add constraint split_site_subset_check check (subset in ('TRAIN', 'VALIDATION', 'TEST'));

alter table split_patient add column "site" TEXT;
ALTER TABLE "split_patient" ADD CONSTRAINT "split_patient_split_id_site_subset_fkey"
  FOREIGN KEY ("split_id", "site", "subset") REFERENCES "split_site"("split_id", "site", "subset") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "split_patient" ADD CONSTRAINT "split_patient_dataset_id_patient_id_site_fkey"
  FOREIGN KEY ("dataset_id", "patient_id", "site") REFERENCES "dataset_patient"("dataset_id", "patient_id", "site") ON DELETE RESTRICT ON UPDATE CASCADE;

alter table split drop constraint split_strategy_check, drop constraint split_unsafe_check, drop constraint split_fold_check;
alter table split
  add constraint split_strategy_check check (strategy in
    ('PATIENT_STRATIFIED', 'CRUZ_ROA_2014', 'K_FOLD', 'RANDOM_PATCH', 'PUBLISHED', 'BY_SITE', 'PRESERVED_SITES')),
  add constraint split_unsafe_check check (strategy = 'PUBLISHED' or (kind = 'PATCH') = (strategy = 'RANDOM_PATCH')),
  add constraint split_fold_check check (
    case when strategy in ('K_FOLD', 'PRESERVED_SITES') or (strategy = 'BY_SITE' and folds is not null)
         then fold is not null and folds is not null and folds >= 3 and fold between 0 and folds - 1
         else fold is null and folds is null end);

create trigger split_site_no_update before update on split_site for each statement execute function refuse_change();
create function refuse_split_site_delete() returns trigger language plpgsql as $$
begin
  if exists (select from split join gone on gone.split_id = split.id) then
    raise exception 'A site leaves a split only together with the split.' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger split_site_no_delete after delete on split_site referencing old table as gone
  for each statement execute function refuse_split_site_delete();

-- With the foreign keys: in a split by site each patient names their own site, and the site has one side.
create function guard_split_patient_site() returns trigger language plpgsql as $$
begin
  if exists (select from added join split on split.id = added.split_id
             where (split.strategy in ('BY_SITE', 'PRESERVED_SITES')) <> (added.site is not null)) then
    raise exception 'In a split by site, and in no other, each patient has the site that is on their side.'
      using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger split_patient_site_guard after insert on split_patient referencing new table as added
  for each statement execute function guard_split_patient_site();

-- No split by patient or site of what has no unit.
create function guard_split_unit() returns trigger language plpgsql as $$
begin
  if new.kind = 'PATIENT' and (select unit from dataset where id = new.dataset_id) = 'NONE' then
    raise exception 'Dataset % does not tell what its patches are of: no split of it is by patient.', new.dataset_id
      using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger split_unit_guard before insert on split for each row execute function guard_split_unit();

-- Promotion ----------------------------------------------------------------------------------------------------------

-- As before, and only where the policy in force accepts the unit of the dataset.
create or replace function guard_promotion() returns trigger language plpgsql as $$
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
  if new.allowed and new.act <> 'DEMOTE' and not exists (
    select from model_version
      join run on run.id = model_version.run_id
      join dataset on dataset.id = run.dataset_id
      join promotion_policy on promotion_policy.model_id = new.model_id and promotion_policy.version = new.policy_version
    where model_version.id = new.version_id
      and (dataset.unit = 'PATIENT'
        or (dataset.unit = 'SLIDE' and promotion_policy.policy ->> 'acceptSlides' = 'true')
        or (dataset.unit = 'GROUP' and promotion_policy.policy ->> 'acceptGroups' = 'true'))
  ) then
    raise exception 'The policy in force does not accept a dataset that is split by what this one is.'
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
