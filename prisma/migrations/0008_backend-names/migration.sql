-- Which backends there are stands in one list, the domain's: the database holds to the form of their names, so that a
-- new backend needs no migration. `auto` is a wish; what trained a run always has a name of its own.
alter table run drop constraint run_backend_check;
alter table run
  add constraint run_backend_check check (
    requested_backend ~ '^[a-z][a-z0-9-]{0,30}$'
    and backend ~ '^[a-z][a-z0-9-]{0,30}$'
    and backend <> 'auto');
