-- A deletion is on record from the request to the last byte freed, and a process that dies in between is continued.
CREATE TABLE "deletion" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "requested_by" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "rows_total" INTEGER NOT NULL,
    "rows_done" INTEGER NOT NULL DEFAULT 0,
    "bytes_total" BIGINT NOT NULL,
    "bytes_freed" BIGINT NOT NULL DEFAULT 0,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "deletion_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "deletion_subject_id_key" ON "deletion"("subject_id");
CREATE INDEX "deletion_requested_at_idx" ON "deletion"("requested_at");
alter table deletion
  add constraint deletion_kind_check check (kind in ('RUN', 'DATASET')),
  add constraint deletion_counts_check check (rows_done >= 0 and rows_total >= 0 and bytes_freed >= 0 and bytes_total >= 0);
create index deletion_unfinished on deletion (requested_at) where finished_at is null;

CREATE TABLE "deletion_file" (
    "deletion_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "named_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "deletion_file_pkey" PRIMARY KEY ("deletion_id","hash")
);
ALTER TABLE "deletion_file" ADD CONSTRAINT "deletion_file_deletion_id_fkey"
  FOREIGN KEY ("deletion_id") REFERENCES "deletion"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The patches of a dataset whose deletion is on record go in pieces, before the dataset itself.
create or replace function refuse_dataset_part_delete() returns trigger language plpgsql as $$
begin
  if exists (select from dataset join gone on gone.dataset_id = dataset.id
             where not exists (select from deletion where subject_id = dataset.id)) then
    raise exception 'Rows of % go with their data set only.', tg_table_name using errcode = 'restrict_violation';
  end if;
  return null;
end $$;

-- A backup may hold such a dataset with some of its patches; it is deleted further once it is restored.
create or replace function check_dataset_whole() returns trigger language plpgsql as $$
declare
  patches bigint;
  patients bigint;
  classes bigint;
  wrong text;
begin
  if not exists (select from dataset where id = new.id) then return null; end if;
  if exists (select from deletion where subject_id = new.id) then return null; end if;
  select count(*) into patches from patch where dataset_id = new.id;
  select count(*) into patients from dataset_patient where dataset_id = new.id;
  select count(*) into classes from dataset_class where dataset_id = new.id;
  if patches <> new.patch_count + new.strip_count or patients <> new.patient_count or classes <> new.class_count then
    raise exception 'Dataset % states % patches of % patients in % classes, but holds % of % in %.',
      new.id, new.patch_count + new.strip_count, new.patient_count, new.class_count, patches, patients, classes
      using errcode = 'check_violation';
  end if;
  select name into wrong from dataset_class
    left join (select class, count(*) as counted from patch where dataset_id = new.id and index < new.patch_count
               group by class) as held on held.class = dataset_class.position
    where dataset_id = new.id and dataset_class.patch_count <> coalesce(counted, 0) limit 1;
  if found then
    raise exception 'Class "%" of dataset % does not have the patches that it states.', wrong, new.id
      using errcode = 'check_violation';
  end if;
  return null;
end $$;

-- Nothing new stands on what is being deleted.
create function refuse_on_deleted_dataset() returns trigger language plpgsql as $$
begin
  perform from dataset where id = new.dataset_id for share;
  if exists (select from deletion where subject_id = new.dataset_id) then
    raise exception 'Data set % is being deleted.', new.dataset_id using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger split_not_on_deleted before insert on split for each row execute function refuse_on_deleted_dataset();
create trigger experiment_not_on_deleted before insert on experiment
  for each row execute function refuse_on_deleted_dataset();
