-- A running run that waits (its disk is full, its store is away) says for what.
alter table run_progress add column waiting_for text;
