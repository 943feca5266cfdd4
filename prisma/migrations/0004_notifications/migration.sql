-- Hints to whoever listens that a row is worth reading. The row is the truth: a lost hint costs time, never data.

create function notify_run_events() returns trigger language plpgsql as $$
begin
  perform pg_notify('run_event', run_id::text || ':' || max(seq)::text) from added group by run_id;
  return null;
end $$;
create trigger run_event_notify after insert on run_event referencing new table as added
  for each statement execute function notify_run_events();

create function notify_run_progress() returns trigger language plpgsql as $$
begin
  perform pg_notify('run_progress', new.run_id::text);
  return null;
end $$;
create trigger run_progress_notify after insert or update on run_progress
  for each row execute function notify_run_progress();

create function notify_run_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('run_changed', new.id::text);
  return null;
end $$;
create trigger run_insert_notify after insert on run for each row execute function notify_run_changed();
create trigger run_update_notify after update on run for each row
  when ((old.status, old.epochs_done, old.name, old.notes, old.tags, old.archived_at, old.cancel_requested_at)
    is distinct from (new.status, new.epochs_done, new.name, new.notes, new.tags, new.archived_at, new.cancel_requested_at))
  execute function notify_run_changed();

create function notify_dataset_import() returns trigger language plpgsql as $$
begin
  perform pg_notify('dataset_import', new.id::text);
  return null;
end $$;
create trigger dataset_import_notify after insert or update on dataset_import
  for each row execute function notify_dataset_import();
