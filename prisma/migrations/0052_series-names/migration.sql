-- The names of the series of a project's runs, written with the first number of each: a chooser of columns and the completion of
-- a line read hundreds of names, not the series of thousands of runs. A name stays when its last run is deleted; who reads asks
-- whether a series still has it.

CREATE TABLE "series_name" (
    "project_id" UUID NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "series_name_pkey" PRIMARY KEY ("project_id","name")
);
ALTER TABLE "series_name" ADD CONSTRAINT "series_name_project_id_fkey"
  FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

insert into series_name (project_id, name)
select distinct experiment.project_id, metric_summary.name from metric_summary
  join run on run.id = metric_summary.run_id join experiment on experiment.id = run.experiment_id;

-- Only rows that are new come here. A name that is there is not written again, so that nobody waits for its row.
create function keep_series_names() returns trigger language plpgsql as $$
begin
  insert into series_name (project_id, name)
  select distinct experiment.project_id, added.name from added
    join run on run.id = added.run_id join experiment on experiment.id = run.experiment_id
  where not exists (select from series_name as known
    where known.project_id = experiment.project_id and known.name = added.name)
  order by 1, 2
  on conflict do nothing;
  return null;
end $$;
create trigger metric_summary_names after insert on metric_summary referencing new table as added
  for each statement execute function keep_series_names();
