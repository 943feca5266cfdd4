-- Experiments and models are commented on as runs are: a comment is of one of the three.

ALTER TABLE "comment" ALTER COLUMN "run_id" DROP NOT NULL,
  ADD COLUMN "experiment_id" UUID,
  ADD COLUMN "model_id" UUID,
  add constraint comment_subject_check check (num_nonnulls(run_id, experiment_id, model_id) = 1);
CREATE INDEX "comment_experiment_id_created_at_idx" ON "comment"("experiment_id", "created_at");
CREATE INDEX "comment_model_id_created_at_idx" ON "comment"("model_id", "created_at");
ALTER TABLE "comment" ADD CONSTRAINT "comment_experiment_id_fkey"
  FOREIGN KEY ("experiment_id") REFERENCES "experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "comment" ADD CONSTRAINT "comment_model_id_fkey"
  FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE CASCADE ON UPDATE CASCADE;

create or replace function guard_comment() returns trigger language plpgsql as $$
begin
  if (old.id, old.run_id, old.experiment_id, old.model_id, old.author, old.created_by, old.created_at)
    is distinct from (new.id, new.run_id, new.experiment_id, new.model_id, new.author, new.created_by, new.created_at)
  then
    raise exception 'Of comment % only the text may change.', old.id using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create or replace function notify_comment() returns trigger language plpgsql as $$
begin
  if coalesce(new.run_id, old.run_id) is not null then
    perform pg_notify('run_changed', coalesce(new.run_id, old.run_id)::text);
  end if;
  return null;
end $$;
