-- The step with which a run reads patches together with their neighbours: chosen once on VALIDATION, and never changed.

CREATE TABLE "run_context" (
    "run_id" UUID NOT NULL,
    "radius" INTEGER,
    "weight" DOUBLE PRECISION,
    "temperature" DOUBLE PRECISION,
    "threshold" DOUBLE PRECISION,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "run_context_pkey" PRIMARY KEY ("run_id"),
    -- All of it, or nothing to say.
    constraint run_context_whole_check check (num_nulls(radius, weight, temperature, threshold) in (0, 4)),
    constraint run_context_radius_check check (radius between 0 and 4),
    constraint run_context_off_check check (radius <> 0 or (weight = 0 and temperature = 1)),
    constraint run_context_weight_check check (radius = 0 or (weight > 0 and weight <= 1)),
    constraint run_context_temperature_check check (temperature > 0 and temperature < 'Infinity'),
    constraint run_context_threshold_check check (threshold > '-Infinity' and threshold < 'Infinity')
);
ALTER TABLE "run_context" ADD CONSTRAINT "run_context_run_id_fkey"
  FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

create function guard_run_context() returns trigger language plpgsql as $$
begin
  if not exists (select from evaluation where run_id = new.run_id and subset = 'VALIDATION') then
    raise exception 'Run % has no evaluation on VALIDATION, on which its context is chosen.', new.run_id
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger run_context_guard before insert on run_context for each row execute function guard_run_context();
create trigger run_context_no_update before update on run_context for each statement execute function refuse_change();
create trigger run_context_no_delete after delete on run_context referencing old table as gone
  for each statement execute function refuse_run_part_delete();
create trigger run_context_no_truncate before truncate on run_context for each statement execute function refuse_truncate();
