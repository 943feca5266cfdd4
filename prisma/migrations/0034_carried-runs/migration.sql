-- A run that is carried by hand: no worker of this platform takes it from the queue until it is taken back.

alter table run add column carried_at timestamptz(3);
alter table run add constraint run_carried_check check (carried_at is null or origin = 'WORKER');
