-- Reports: a page of Markdown with panels of runs in it, which a person may freeze.

CREATE TABLE "report" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "author" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_by" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "report_pkey" PRIMARY KEY ("id"),
    constraint report_name_check check (btrim(name) <> '' and length(name) <= 200),
    constraint report_body_check check (length(body) <= 100000),
    constraint report_version_check check (version > 0),
    constraint report_who_check check (btrim(author) <> '' and btrim(changed_by) <> '')
);
CREATE UNIQUE INDEX "report_project_id_name_key" ON "report"("project_id", "name");
ALTER TABLE "report" ADD CONSTRAINT "report_project_id_fkey"
  FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "report_freeze" (
    "report_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "panels" JSONB NOT NULL,
    "frozen_by" TEXT NOT NULL,
    "frozen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "report_freeze_pkey" PRIMARY KEY ("report_id"),
    constraint report_freeze_panels_check check (jsonb_typeof(panels) = 'array'),
    constraint report_freeze_who_check check (btrim(frozen_by) <> '')
);
ALTER TABLE "report_freeze" ADD CONSTRAINT "report_freeze_report_id_fkey"
  FOREIGN KEY ("report_id") REFERENCES "report"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Who saves over a version that they have not read is found out here, whatever program writes.
create function guard_report() returns trigger language plpgsql as $$
begin
  if (old.id, old.project_id, old.author, old.created_at)
    is distinct from (new.id, new.project_id, new.author, new.created_at)
  then
    raise exception 'Of report % only the name and the text may change.', old.id using errcode = 'restrict_violation';
  end if;
  if (old.name, old.body) is not distinct from (new.name, new.body) and old.version = new.version then
    return new;
  end if;
  if new.version <> old.version + 1 then
    raise exception 'Report % is at version %: a change of it makes version %, not %.', old.id, old.version,
      old.version + 1, new.version using errcode = 'restrict_violation';
  end if;
  if exists (select from report_freeze where report_id = old.id) then
    raise exception 'Report % is frozen: it does not change.', old.id using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger report_guard before update on report for each row execute function guard_report();

-- A freeze is of the text as it stands: it holds the report's row, so that no change comes in between.
create function guard_report_freeze() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    raise exception 'What report % was frozen with does not change.', old.report_id using errcode = 'restrict_violation';
  end if;
  if (select version from report where id = new.report_id for no key update) is distinct from new.version then
    raise exception 'Report % is no more at version %, whose panels were kept.', new.report_id, new.version
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger report_freeze_guard before insert or update on report_freeze
  for each row execute function guard_report_freeze();
