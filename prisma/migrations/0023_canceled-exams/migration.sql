-- An external evaluation can be canceled, and tells whether a person confirmed what its sides mean.

alter table external_evaluation
  add column cancel_requested_at timestamptz(3),
  add column sides_confirmed boolean not null default false,
  drop constraint external_evaluation_status_check,
  add constraint external_evaluation_status_check
    check (status in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED')),
  add constraint external_evaluation_canceled_check
    check (status <> 'CANCELED' or (cancel_requested_at is not null and finished_at is not null)),
  add constraint external_evaluation_queued_check check (status <> 'QUEUED' or cancel_requested_at is null),
  add constraint external_evaluation_sides_confirmed_check check (not sides_confirmed or task_id is not null);
