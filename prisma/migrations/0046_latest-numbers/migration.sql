-- The latest number of a series is known with its moment, and is found by an index in the order of its size: a list of runs by
-- it looks at no run that it does not show. Which one is the latest is settled to the end: of the last step the last
-- moment, of that the largest, as MLflow has it; before, of one step it was the one that came last.

ALTER TABLE "metric_summary" ADD COLUMN "last_at" TIMESTAMPTZ(3);
update metric_summary set last_at = latest.at, last_value = latest.value
from metric_summary as own cross join lateral (
  select at, value from metric
  where metric.run_id = own.run_id and metric.name = own.name and metric.owner = own.owner
    and metric.epoch = own.last_epoch and metric.step = own.last_step
  order by at desc, value desc limit 1
) as latest
where (own.run_id, own.name, own.owner) = (metric_summary.run_id, metric_summary.name, metric_summary.owner);
ALTER TABLE "metric_summary" ALTER COLUMN "last_at" SET NOT NULL;

-- A number that is none has no size: what asks by size writes it so.
create index metric_summary_name_last_value_idx on metric_summary (name, (nullif(last_value, 'NaN'::float8)));

create or replace function summarize_metrics() returns trigger language plpgsql as $$
begin
  insert into metric_summary as known (run_id, owner, name, point_count, last_epoch, last_step, last_at, last_value,
    min_epoch, min_value, max_epoch, max_value)
  select run_id, owner, name, count(*),
    (array_agg(epoch order by epoch desc, step desc, at desc, value desc))[1],
    (array_agg(step order by epoch desc, step desc, at desc, value desc))[1],
    (array_agg(at order by epoch desc, step desc, at desc, value desc))[1],
    (array_agg(value order by epoch desc, step desc, at desc, value desc))[1],
    (array_agg(epoch order by value, epoch) filter (where value <> 'NaN'))[1],
    min(value) filter (where value <> 'NaN'),
    (array_agg(epoch order by value desc, epoch) filter (where value <> 'NaN'))[1],
    max(value) filter (where value <> 'NaN')
  from added group by run_id, owner, name order by run_id, name, owner
  on conflict (run_id, name, owner) do update set
    point_count = known.point_count + excluded.point_count,
    last_epoch = case when (excluded.last_epoch, excluded.last_step, excluded.last_at, excluded.last_value)
        > (known.last_epoch, known.last_step, known.last_at, known.last_value)
      then excluded.last_epoch else known.last_epoch end,
    last_step = case when (excluded.last_epoch, excluded.last_step, excluded.last_at, excluded.last_value)
        > (known.last_epoch, known.last_step, known.last_at, known.last_value)
      then excluded.last_step else known.last_step end,
    last_at = case when (excluded.last_epoch, excluded.last_step, excluded.last_at, excluded.last_value)
        > (known.last_epoch, known.last_step, known.last_at, known.last_value)
      then excluded.last_at else known.last_at end,
    last_value = case when (excluded.last_epoch, excluded.last_step, excluded.last_at, excluded.last_value)
        > (known.last_epoch, known.last_step, known.last_at, known.last_value)
      then excluded.last_value else known.last_value end,
    min_epoch = case when excluded.min_value < known.min_value or known.min_value is null
      then excluded.min_epoch else known.min_epoch end,
    min_value = least(known.min_value, excluded.min_value),
    max_epoch = case when excluded.max_value > known.max_value or known.max_value is null
      then excluded.max_epoch else known.max_epoch end,
    max_value = greatest(known.max_value, excluded.max_value);
  return null;
end $$;
