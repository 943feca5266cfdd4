-- What lists of runs are filtered, sorted and ranked by stands in rows of its own, one a run and name, so that no list reads
-- the history of metrics or takes evaluations apart: `metric_summary` is the latest, smallest and largest of a series,
-- `run_figure` a number of an evaluation with its interval. Triggers keep both; nothing else writes them.

CREATE TABLE "metric_summary" (
    "run_id" UUID NOT NULL,
    "owner" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "point_count" INTEGER NOT NULL,
    "last_epoch" INTEGER NOT NULL,
    "last_step" INTEGER NOT NULL,
    "last_value" DOUBLE PRECISION NOT NULL,
    "min_epoch" INTEGER,
    "min_value" DOUBLE PRECISION,
    "max_epoch" INTEGER,
    "max_value" DOUBLE PRECISION,

    CONSTRAINT "metric_summary_pkey" PRIMARY KEY ("run_id","name","owner")
);
CREATE INDEX "metric_summary_name_max_value_idx" ON "metric_summary"("name", "max_value");
CREATE INDEX "metric_summary_name_min_value_idx" ON "metric_summary"("name", "min_value");
ALTER TABLE "metric_summary" ADD CONSTRAINT "metric_summary_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;
alter table metric_summary
  add constraint metric_summary_owner_check check (owner in ('WORKER', 'EXTERNAL'));
-- Room on each page for the next version of its rows: a series in training changes its row with every epoch.
alter table metric_summary set (fillfactor = 70);

CREATE TABLE "run_figure" (
    "run_id" UUID NOT NULL,
    "subset" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "low" DOUBLE PRECISION,
    "high" DOUBLE PRECISION,

    CONSTRAINT "run_figure_pkey" PRIMARY KEY ("run_id","subset","name")
);
CREATE INDEX "run_figure_subset_name_value_idx" ON "run_figure"("subset", "name", "value");
ALTER TABLE "run_figure" ADD CONSTRAINT "run_figure_run_id_subset_fkey" FOREIGN KEY ("run_id", "subset") REFERENCES "evaluation"("run_id", "subset") ON DELETE CASCADE ON UPDATE CASCADE;
alter table run_figure
  add constraint run_figure_subset_check check (subset in ('VALIDATION', 'TEST'));

-- The newest runs first, whatever they are filtered by.
CREATE INDEX "run_created_at_id_idx" ON "run"("created_at", "id");

-- One row a series of what a statement added, in one order for all, so that two statements never wait for each other in
-- a circle. A number that is none has no place in an order: it can be the latest, not the smallest or largest.
create function summarize_metrics() returns trigger language plpgsql as $$
begin
  insert into metric_summary as known (run_id, owner, name, point_count, last_epoch, last_step, last_value,
    min_epoch, min_value, max_epoch, max_value)
  select run_id, owner, name, count(*),
    (array_agg(epoch order by epoch desc, step desc))[1],
    (array_agg(step order by epoch desc, step desc))[1],
    (array_agg(value order by epoch desc, step desc))[1],
    (array_agg(epoch order by value, epoch) filter (where value <> 'NaN'))[1],
    min(value) filter (where value <> 'NaN'),
    (array_agg(epoch order by value desc, epoch) filter (where value <> 'NaN'))[1],
    max(value) filter (where value <> 'NaN')
  from added group by run_id, owner, name order by run_id, name, owner
  on conflict (run_id, name, owner) do update set
    point_count = known.point_count + excluded.point_count,
    last_epoch = case when (excluded.last_epoch, excluded.last_step) >= (known.last_epoch, known.last_step)
      then excluded.last_epoch else known.last_epoch end,
    last_step = case when (excluded.last_epoch, excluded.last_step) >= (known.last_epoch, known.last_step)
      then excluded.last_step else known.last_step end,
    last_value = case when (excluded.last_epoch, excluded.last_step) >= (known.last_epoch, known.last_step)
      then excluded.last_value else known.last_value end,
    min_epoch = case when excluded.min_value < known.min_value or known.min_value is null
      then excluded.min_epoch else known.min_epoch end,
    min_value = least(known.min_value, excluded.min_value),
    max_epoch = case when excluded.max_value > known.max_value or known.max_value is null
      then excluded.max_epoch else known.max_epoch end,
    max_value = greatest(known.max_value, excluded.max_value);
  return null;
end $$;
create trigger metric_summary_keep after insert on metric referencing new table as added
  for each statement execute function summarize_metrics();

-- The numbers of an evaluation by name, means over patients as `macro.auc`; one that is undefined has no row.
create function figures_of(metrics jsonb, intervals jsonb)
returns table (name text, value float8, low float8, high float8) language sql immutable as $$
  select figure.name, figure.value::text::float8, (intervals -> figure.name ->> 0)::float8,
    (intervals -> figure.name ->> 1)::float8
  from (
    select key as name, jsonb_each.value from jsonb_each(metrics)
    union all
    select 'macro.' || key, jsonb_each.value from jsonb_each(
      case when jsonb_typeof(metrics -> 'macro') = 'object' then metrics -> 'macro' else '{}' end)
  ) as figure
  where jsonb_typeof(figure.value) = 'number'
$$;

create function keep_run_figures() returns trigger language plpgsql as $$
begin
  delete from run_figure where run_id = new.run_id and subset = new.subset;
  insert into run_figure (run_id, subset, name, value, low, high)
  select new.run_id, new.subset, name, value, low, high from figures_of(new.metrics, new.intervals);
  return null;
end $$;
create trigger evaluation_figures_keep after insert or update on evaluation
  for each row execute function keep_run_figures();

-- A hyperparameter as a number: a JSON number, or a text that is written like one; null for anything else.
create function number_of(value jsonb) returns float8 language sql immutable as $$
  select case
    when jsonb_typeof(value) = 'number' then case
      when value = '0' then 0
      when abs((value #>> '{}')::numeric) between 1e-300 and 1e300 then (value #>> '{}')::float8 end
    when jsonb_typeof(value) = 'string'
      and value #>> '{}' ~ '^[+-]?(\d{1,50}(\.\d{0,50})?|\.\d{1,50})([eE][+-]?\d{1,2})?$' then (value #>> '{}')::float8
  end
$$;

-- What is there already.
insert into metric_summary (run_id, owner, name, point_count, last_epoch, last_step, last_value,
  min_epoch, min_value, max_epoch, max_value)
select run_id, owner, name, count(*),
  (array_agg(epoch order by epoch desc, step desc))[1],
  (array_agg(step order by epoch desc, step desc))[1],
  (array_agg(value order by epoch desc, step desc))[1],
  (array_agg(epoch order by value, epoch))[1], min(value),
  (array_agg(epoch order by value desc, epoch))[1], max(value)
from metric group by run_id, owner, name;
insert into run_figure (run_id, subset, name, value, low, high)
select run_id, subset, figure.name, figure.value, low, high
from evaluation, lateral figures_of(metrics, intervals) as figure;
