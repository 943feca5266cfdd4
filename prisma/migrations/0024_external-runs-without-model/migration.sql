-- The model of an external program's run is not here, so nothing vouches for it: no version is made of it, and it sits no exam.

create function guard_model_of_run() returns trigger language plpgsql as $$
begin
  if exists (select from run where id = new.run_id and origin = 'EXTERNAL') then
    raise exception 'Run % is EXTERNAL: its model is not here.', new.run_id using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create trigger model_version_run_guard before insert on model_version
  for each row execute function guard_model_of_run();
create trigger external_evaluation_run_guard before insert on external_evaluation
  for each row execute function guard_model_of_run();
