-- A split may come from a list. Where the list puts units on several sides, the sides of its patches are kept as they are
-- listed, each patch on as many sides as the list says, and the split is an unsafe one by patch. Files are found again by
-- their names, which imports keep from now on.

alter table patch add column "path" TEXT;
alter table patch add constraint patch_path_check check (path <> '');

alter table split add column "imported_from" JSONB;
alter table split drop constraint split_strategy_check, drop constraint split_unsafe_check, drop constraint split_fold_check;
alter table split
  add constraint split_strategy_check check (strategy in
    ('PATIENT_STRATIFIED', 'CRUZ_ROA_2014', 'K_FOLD', 'RANDOM_PATCH', 'PUBLISHED', 'BY_SITE', 'PRESERVED_SITES', 'IMPORTED')),
  add constraint split_unsafe_check check (
    strategy in ('PUBLISHED', 'IMPORTED') or (kind = 'PATCH') = (strategy = 'RANDOM_PATCH')),
  add constraint split_fold_check check (
    case when strategy in ('K_FOLD', 'PRESERVED_SITES') or (strategy in ('BY_SITE', 'IMPORTED') and folds is not null)
         then fold is not null and folds is not null and folds >= 3 and fold between 0 and folds - 1
         else fold is null and folds is null end),
  add constraint split_imported_check check ((strategy = 'IMPORTED') = (imported_from is not null));

CREATE TABLE "split_patch_sides" (
    "split_id" UUID NOT NULL,
    "sides" BYTEA NOT NULL,

    CONSTRAINT "split_patch_sides_pkey" PRIMARY KEY ("split_id")
);
ALTER TABLE "split_patch_sides" ADD CONSTRAINT "split_patch_sides_split_id_fkey"
  FOREIGN KEY ("split_id") REFERENCES "split"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Bit 0 is TRAIN, bit 1 VALIDATION, bit 2 TEST; only patches of full size are counted, which come first.
create function guard_split_patch_sides() returns trigger language plpgsql as $$
declare
  owner split%rowtype;
  full_size int;
  all_patches int;
  counted int[];
  highest int;
begin
  select * into owner from split where id = new.split_id;
  if owner.strategy is distinct from 'IMPORTED' or owner.kind is distinct from 'PATCH' then
    raise exception 'Only an imported split by patch lists the sides of its patches.' using errcode = 'check_violation';
  end if;
  select patch_count, patch_count + strip_count into full_size, all_patches from dataset where id = owner.dataset_id;
  if octet_length(new.sides) <> all_patches then
    raise exception 'The sides of split % are of % patches, and its dataset has %.', owner.id, octet_length(new.sides),
      all_patches using errcode = 'check_violation';
  end if;
  select array[count(*) filter (where place < full_size and side & 1 > 0),
               count(*) filter (where place < full_size and side & 2 > 0),
               count(*) filter (where place < full_size and side & 4 > 0)]::int[], max(side)
    into counted, highest
    from (select place, get_byte(new.sides, place) as side from generate_series(0, all_patches - 1) as place) as listed;
  if highest > 7 or counted <> array[owner.train_patches, owner.validation_patches, owner.test_patches] then
    raise exception 'Split % states % TRAIN, % VALIDATION and % TEST patches, but lists %, % and %.', owner.id,
      owner.train_patches, owner.validation_patches, owner.test_patches, counted[1], counted[2], counted[3]
      using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger split_patch_sides_guard before insert on split_patch_sides
  for each row execute function guard_split_patch_sides();
create trigger split_patch_sides_no_update before update on split_patch_sides
  for each statement execute function refuse_change();
create function refuse_split_patch_sides_delete() returns trigger language plpgsql as $$
begin
  if exists (select from split join gone on gone.split_id = split.id) then
    raise exception 'The sides of patches leave only together with the split.' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger split_patch_sides_no_delete after delete on split_patch_sides referencing old table as gone
  for each statement execute function refuse_split_patch_sides_delete();

-- As before, and an imported split by patch has the sides of its patches.
create or replace function check_split_whole() returns trigger language plpgsql as $$
declare
  counted int[];
begin
  if not exists (select from split where id = new.id) then return null; end if;
  if new.kind = 'PATCH' then
    if new.strategy = 'IMPORTED' and not exists (select from split_patch_sides where split_id = new.id) then
      raise exception 'Split % does not list the sides of its patches.', new.id using errcode = 'check_violation';
    end if;
    return null;
  end if;
  counted := count_split_patients(new.id);
  if counted <> array[new.train_patients, new.validation_patients, new.test_patients] then
    raise exception 'Split % states % TRAIN, % VALIDATION and % TEST patients, but has %, % and %.', new.id,
      new.train_patients, new.validation_patients, new.test_patients, counted[1], counted[2], counted[3]
      using errcode = 'check_violation';
  end if;
  return null;
end $$;
