-- Runs with a number above or below another are found, and counted, in the index alone: it names the run of each number. Before, a count
-- looked up the row of each, which lie all over the table.

DROP INDEX "metric_summary_name_max_value_idx";
DROP INDEX "metric_summary_name_min_value_idx";
CREATE INDEX "metric_summary_name_max_value_run_id_idx" ON "metric_summary"("name", "max_value", "run_id");
CREATE INDEX "metric_summary_name_min_value_run_id_idx" ON "metric_summary"("name", "min_value", "run_id");

-- As before, two thirds of the work: a number of JSON is held to its bounds as what it is, and not as a text that is read again.
create or replace function number_of(value jsonb) returns float8 language sql immutable as $$
  select case
    when value between '1e-300'::jsonb and '1e300'::jsonb or value between '-1e300'::jsonb and '-1e-300'::jsonb
      then value::float8
    when value = '0'::jsonb then 0
    when jsonb_typeof(value) = 'string'
      and value #>> '{}' ~ '^[+-]?(\d{1,50}(\.\d{0,50})?|\.\d{1,50})([eE][+-]?\d{1,2})?$' then (value #>> '{}')::float8
  end
$$;
