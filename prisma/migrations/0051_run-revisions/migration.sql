-- A number that moves with each change of what is shown of a run: its row, its labels, inputs and links, and where its experiment keeps
-- files. With the count of its points, which only rises, it names one state of the run: what was made of it once is as good
-- as long as both are the same.

ALTER TABLE "run" ADD COLUMN "revision" INTEGER NOT NULL DEFAULT 0;

create function count_run_revision() returns trigger language plpgsql as $$
begin
  new.revision := old.revision + 1;
  return new;
end $$;
-- By its name the last of the triggers that may change the row.
create trigger run_z_revision before update on run for each row execute function count_run_revision();

-- In the order of the ids, so that two statements that change several runs wait for one another and not in a circle.
create function touch_changed_runs() returns trigger language plpgsql as $$
begin
  update run set revision = revision where id in (
    select id from run where id in (select run_id from changed) order by id for no key update);
  return null;
end $$;

do $$
declare
  place text;
begin
  foreach place in array array['run_label', 'run_dataset_input', 'run_model_link'] loop
    execute format('create trigger %1$s_insert_revision after insert on %1$s referencing new table as changed
      for each statement execute function touch_changed_runs()', place);
    execute format('create trigger %1$s_update_revision after update on %1$s referencing new table as changed
      for each statement execute function touch_changed_runs()', place);
    execute format('create trigger %1$s_delete_revision after delete on %1$s referencing old table as changed
      for each statement execute function touch_changed_runs()', place);
  end loop;
end $$;

create function touch_runs_of_experiment() returns trigger language plpgsql as $$
begin
  update run set revision = revision where experiment_id = new.experiment_id;
  return null;
end $$;
create trigger mlflow_experiment_insert_revision after insert on mlflow_experiment for each row
  when (new.is_default or new.artifact_location is not null) execute function touch_runs_of_experiment();
create trigger mlflow_experiment_update_revision after update on mlflow_experiment for each row
  when ((old.is_default, old.artifact_location) is distinct from (new.is_default, new.artifact_location))
  execute function touch_runs_of_experiment();
