-- What people say of a run. Its writer may change the text, and nothing else of it ever changes; the audit log keeps what it was.

CREATE TABLE "comment" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "author" TEXT NOT NULL,
    "created_by" UUID,
    "text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "edited_at" TIMESTAMPTZ(3),

    CONSTRAINT "comment_pkey" PRIMARY KEY ("id"),
    constraint comment_text_check check (btrim(text) <> '' and btrim(author) <> '')
);
CREATE INDEX "comment_run_id_created_at_idx" ON "comment"("run_id", "created_at");
CREATE INDEX "comment_created_by_idx" ON "comment"("created_by");
ALTER TABLE "comment" ADD CONSTRAINT "comment_run_id_fkey"
  FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "comment" ADD CONSTRAINT "comment_created_by_fkey"
  FOREIGN KEY ("created_by") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

create function guard_comment() returns trigger language plpgsql as $$
begin
  if (old.id, old.run_id, old.author, old.created_by, old.created_at)
    is distinct from (new.id, new.run_id, new.author, new.created_by, new.created_at)
  then
    raise exception 'Of comment % only the text may change.', old.id using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger comment_guard before update on comment for each row execute function guard_comment();

-- All who follow the run read its comments again.
create function notify_comment() returns trigger language plpgsql as $$
begin
  perform pg_notify('run_changed', coalesce(new.run_id, old.run_id)::text);
  return null;
end $$;
create trigger comment_notify after insert or update or delete on comment
  for each row execute function notify_comment();
