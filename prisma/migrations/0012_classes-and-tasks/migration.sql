-- A dataset keeps all of its classes by name, and its tasks say which of them are positive, negative or left out. What
-- counted positives now counts classes; which of them are positive follows from a task. Every dataset that is there
-- has two classes, its positive one and the other, and gets the task that it had by its positive class.

CREATE TABLE "dataset_class" (
    "dataset_id" UUID NOT NULL,
    "position" SMALLINT NOT NULL,
    "name" TEXT NOT NULL,
    "patch_count" INTEGER NOT NULL,

    CONSTRAINT "dataset_class_pkey" PRIMARY KEY ("dataset_id","position")
);
CREATE UNIQUE INDEX "dataset_class_dataset_id_name_key" ON "dataset_class"("dataset_id", "name");
ALTER TABLE "dataset_class" ADD CONSTRAINT "dataset_class_dataset_id_fkey"
  FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "task" (
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "position" SMALLINT NOT NULL,
    "name" TEXT NOT NULL,
    "positive_name" TEXT NOT NULL,
    "sides" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "task_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "task_id_dataset_id_key" ON "task"("id", "dataset_id");
CREATE UNIQUE INDEX "task_dataset_id_position_key" ON "task"("dataset_id", "position");
CREATE UNIQUE INDEX "task_dataset_id_name_key" ON "task"("dataset_id", "name");
CREATE UNIQUE INDEX "task_dataset_id_sides_key" ON "task"("dataset_id", "sides");
ALTER TABLE "task" ADD CONSTRAINT "task_dataset_id_fkey"
  FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What is there ------------------------------------------------------------------------------------------------------

insert into dataset_class (dataset_id, position, name, patch_count)
  select id, 0, 'not ' || positive_class, patch_count - positive_count from dataset
  union all
  select id, 1, positive_class, positive_count from dataset;
insert into task (id, dataset_id, position, name, positive_name, sides, created_at)
  select gen_random_uuid(), id, 0, positive_class, positive_class, array['NEGATIVE', 'POSITIVE'], created_at from dataset;

alter table dataset disable trigger dataset_guard;
alter table dataset add column "class_count" SMALLINT NOT NULL default 2;
alter table dataset alter column class_count drop default;
alter table dataset drop constraint dataset_positive_class_check, drop constraint dataset_counts_check;
alter table dataset drop column positive_class, drop column positive_count;
alter table dataset enable trigger dataset_guard;

alter table dataset_patient disable trigger dataset_patient_no_update;
alter table dataset_patient add column "class_counts" INTEGER[];
update dataset_patient set class_counts = array[patch_count - positive_count, positive_count];
alter table dataset_patient drop constraint dataset_patient_counts_check;
alter table dataset_patient drop column positive_count;
alter table dataset_patient enable trigger dataset_patient_no_update;

alter table split disable trigger split_guard;
alter table split
  add column "train_class_counts" INTEGER[],
  add column "validation_class_counts" INTEGER[],
  add column "test_class_counts" INTEGER[];
update split set
  train_class_counts = array[train_patches - train_positives, train_positives],
  validation_class_counts = array[validation_patches - validation_positives, validation_positives],
  test_class_counts = array[test_patches - test_positives, test_positives];
alter table split drop constraint split_patches_check;
alter table split drop column train_positives, drop column validation_positives, drop column test_positives;
alter table split enable trigger split_guard;

alter table patch drop constraint patch_label_check;
alter table patch rename column label to class;
ALTER TABLE "patch" ADD CONSTRAINT "patch_dataset_id_class_fkey"
  FOREIGN KEY ("dataset_id", "class") REFERENCES "dataset_class"("dataset_id", "position") ON DELETE NO ACTION ON UPDATE CASCADE;

alter table experiment add column "task_id" UUID;
update experiment set task_id = task.id from task where task.dataset_id = experiment.dataset_id;
alter table experiment alter column task_id set not null;
CREATE INDEX "experiment_task_id_idx" ON "experiment"("task_id");
ALTER TABLE "experiment" ADD CONSTRAINT "experiment_task_id_dataset_id_fkey"
  FOREIGN KEY ("task_id", "dataset_id") REFERENCES "task"("id", "dataset_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Checks -------------------------------------------------------------------------------------------------------------

create function sum_counts(counts int[]) returns bigint language sql immutable as $$
  select coalesce(sum(counted), 0) from unnest(counts) as counted
$$;

alter table dataset
  add constraint dataset_counts_check check (
    patient_count > 0 and patch_count > 0 and strip_count >= 0 and refused_count >= 0 and class_count between 1 and 100);

alter table dataset_class
  add constraint dataset_class_name_check check (btrim(name) <> ''),
  add constraint dataset_class_count_check check (position >= 0 and patch_count >= 0);

alter table task
  add constraint task_name_check check (btrim(name) <> '' and btrim(positive_name) <> ''),
  add constraint task_position_check check (position >= 0),
  add constraint task_sides_check check (
    sides is not null and sides <@ array['POSITIVE', 'NEGATIVE', 'LEFT_OUT'] and 'POSITIVE' = any (sides) and 'NEGATIVE' = any (sides));

alter table dataset_patient
  add constraint dataset_patient_counts_check check (
    patch_count >= 0 and strip_count >= 0 and patch_count + strip_count > 0
    and class_counts is not null and 0 <= all (class_counts) and sum_counts(class_counts) = patch_count);

alter table split
  add constraint split_patches_check check (
    train_patches > 0 and validation_patches > 0 and test_patches > 0
    and (train_class_counts is null or validation_class_counts is null or test_class_counts is null) is false
    and 0 <= all (train_class_counts || validation_class_counts || test_class_counts)
    and sum_counts(train_class_counts) = train_patches
    and sum_counts(validation_class_counts) = validation_patches
    and sum_counts(test_class_counts) = test_patches);

-- Guards -------------------------------------------------------------------------------------------------------------

create trigger dataset_class_no_update before update on dataset_class
  for each statement execute function refuse_change();
create trigger dataset_class_no_delete after delete on dataset_class referencing old table as gone
  for each statement execute function refuse_dataset_part_delete();

create function refuse_late_class() returns trigger language plpgsql as $$
begin
  if exists (select from added join dataset on dataset.id = added.dataset_id
             where added.position >= dataset.class_count) then
    raise exception 'A class lies beyond the number of classes that its dataset states.' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger dataset_class_no_late_insert after insert on dataset_class referencing new table as added
  for each statement execute function refuse_late_class();

-- As before, and each class has as many patches of full size as it states.
create or replace function check_dataset_whole() returns trigger language plpgsql as $$
declare
  patches bigint;
  patients bigint;
  classes bigint;
  wrong text;
begin
  if not exists (select from dataset where id = new.id) then return null; end if;
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

-- A task names a side for each class. It never changes: another one is made in its place. The first stays with its dataset.
create function guard_task() returns trigger language plpgsql as $$
begin
  if cardinality(new.sides) is distinct from (select class_count::int from dataset where id = new.dataset_id) then
    raise exception 'Task "%" names a side for % classes: its dataset has another number.', new.name, cardinality(new.sides)
      using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger task_guard before insert on task for each row execute function guard_task();
create trigger task_no_update before update on task for each statement execute function refuse_change();

create function refuse_first_task_delete() returns trigger language plpgsql as $$
begin
  if exists (select from dataset join gone on gone.dataset_id = dataset.id where gone.position = 0) then
    raise exception 'The first task of a dataset stays as long as its dataset.' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger task_no_first_delete after delete on task referencing old table as gone
  for each statement execute function refuse_first_task_delete();

create function guard_experiment_task() returns trigger language plpgsql as $$
begin
  if (new.task_id, new.dataset_id) <> (old.task_id, old.dataset_id) then
    raise exception 'The task of experiment "%" never changes.', old.name using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger experiment_task_guard before update on experiment for each row execute function guard_experiment_task();

-- A model answers one question: all of its versions have the same classes on the same sides.
create function name_task_sides(of_task uuid) returns jsonb language sql stable as $$
  select jsonb_object_agg(side, names) from (
    select task.sides[dataset_class.position + 1] as side,
      jsonb_agg(dataset_class.name order by dataset_class.name collate "C") as names
    from task join dataset_class on dataset_class.dataset_id = task.dataset_id
    where task.id = of_task and task.sides[dataset_class.position + 1] <> 'LEFT_OUT' group by 1) as named
$$;

create function name_run_sides(of_run uuid) returns jsonb language sql stable as $$
  select name_task_sides(task_id) from run join experiment on experiment.id = run.experiment_id where run.id = of_run
$$;

create function guard_model_version_task() returns trigger language plpgsql as $$
declare
  other uuid;
begin
  perform from model where id = new.model_id for no key update;
  select run_id into other from model_version where model_id = new.model_id limit 1;
  if found and name_run_sides(other) <> name_run_sides(new.run_id) then
    raise exception 'A model has one task: its versions are of runs with the same classes on the same sides.'
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger model_version_task_guard before insert on model_version
  for each row execute function guard_model_version_task();
