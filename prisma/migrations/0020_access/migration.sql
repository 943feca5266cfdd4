-- Who may do what: accounts and how they sign in, tokens, projects with members, and a log of every change.
-- Secrets (sessions, tokens, links) are kept as SHA-256 only; passwords by scrypt.

CREATE TABLE "account" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "is_owner" BOOLEAN NOT NULL DEFAULT false,
    "password_hash" TEXT,
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id"),
    constraint account_name_check check (btrim(name) <> ''),
    constraint account_email_check check (email = lower(email) and email like '%_@_%')
);
CREATE UNIQUE INDEX "account_email_key" ON "account"("email");

CREATE TABLE "account_identity" (
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "account_id" UUID NOT NULL,

    CONSTRAINT "account_identity_pkey" PRIMARY KEY ("issuer","subject")
);
CREATE INDEX "account_identity_account_id_idx" ON "account_identity"("account_id");
ALTER TABLE "account_identity" ADD CONSTRAINT "account_identity_account_id_fkey"
  FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "account_session" (
    "hash" TEXT NOT NULL,
    "account_id" UUID NOT NULL,
    "address" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "account_session_pkey" PRIMARY KEY ("hash"),
    constraint account_session_hash_check check (hash ~ '^[0-9a-f]{64}$')
);
CREATE INDEX "account_session_account_id_idx" ON "account_session"("account_id");
ALTER TABLE "account_session" ADD CONSTRAINT "account_session_account_id_fkey"
  FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "sign_in_link" (
    "hash" TEXT NOT NULL,
    "account_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "sign_in_link_pkey" PRIMARY KEY ("hash"),
    constraint sign_in_link_hash_check check (hash ~ '^[0-9a-f]{64}$')
);
CREATE INDEX "sign_in_link_account_id_idx" ON "sign_in_link"("account_id");
ALTER TABLE "sign_in_link" ADD CONSTRAINT "sign_in_link_account_id_fkey"
  FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "sign_in_failure" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sign_in_failure_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "sign_in_failure_key_at_idx" ON "sign_in_failure"("key", "at");

CREATE TABLE "project" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "project_pkey" PRIMARY KEY ("id"),
    constraint project_name_check check (btrim(name) <> '')
);
CREATE UNIQUE INDEX "project_name_key" ON "project"("name");
insert into project (id, name) values ('00000000-0000-7000-8000-000000000001', 'default');

CREATE TABLE "project_member" (
    "project_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "project_member_pkey" PRIMARY KEY ("project_id","account_id"),
    constraint project_member_role_check check (role in ('VIEWER', 'RESEARCHER', 'REVIEWER', 'OWNER'))
);
CREATE INDEX "project_member_account_id_idx" ON "project_member"("account_id");
ALTER TABLE "project_member" ADD CONSTRAINT "project_member_project_id_fkey"
  FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "project_member" ADD CONSTRAINT "project_member_account_id_fkey"
  FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "access_token" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "project_id" UUID,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "access_token_pkey" PRIMARY KEY ("id"),
    constraint access_token_hash_check check (hash ~ '^[0-9a-f]{64}$'),
    constraint access_token_scopes_check
      check (scopes is not null and cardinality(scopes) > 0 and scopes <@ array['READ', 'RECORD', 'JUDGE', 'MANAGE'])
);
CREATE UNIQUE INDEX "access_token_hash_key" ON "access_token"("hash");
CREATE INDEX "access_token_account_id_idx" ON "access_token"("account_id");
CREATE INDEX "access_token_project_id_idx" ON "access_token"("project_id");
ALTER TABLE "access_token" ADD CONSTRAINT "access_token_account_id_fkey"
  FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "access_token" ADD CONSTRAINT "access_token_project_id_fkey"
  FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "audit_entry" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "account_id" UUID,
    "account_name" TEXT NOT NULL,
    "credential" TEXT NOT NULL,
    "act" TEXT NOT NULL,
    "project_ids" UUID[] DEFAULT ARRAY[]::UUID[],
    "subject_noun" TEXT,
    "subject_id" TEXT,
    "request" JSONB NOT NULL,
    "before" JSONB,
    "after" JSONB,
    "error" TEXT,
    "address" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "audit_entry_at_id_idx" ON "audit_entry"("at", "id");
CREATE INDEX "audit_entry_account_id_idx" ON "audit_entry"("account_id");
CREATE INDEX "audit_entry_subject_id_idx" ON "audit_entry"("subject_id");

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'The audit log is only added to.' using errcode = 'restrict_violation';
end $$;
create trigger audit_entry_append_only before update or delete or truncate on audit_entry
  for each statement execute function refuse_audit_change();

-- What a project holds. Everything that was there becomes part of the project "default".
ALTER TABLE "dataset" ADD COLUMN "project_id" UUID NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001';
ALTER TABLE "dataset_import" ADD COLUMN "project_id" UUID NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001';
ALTER TABLE "experiment" ADD COLUMN "project_id" UUID NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001';
ALTER TABLE "model" ADD COLUMN "project_id" UUID NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001';
ALTER TABLE "deletion" ADD COLUMN "project_id" UUID NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001';
CREATE INDEX "dataset_project_id_idx" ON "dataset"("project_id");
CREATE INDEX "dataset_import_project_id_idx" ON "dataset_import"("project_id");
CREATE INDEX "experiment_project_id_idx" ON "experiment"("project_id");
CREATE INDEX "model_project_id_idx" ON "model"("project_id");
CREATE INDEX "deletion_project_id_idx" ON "deletion"("project_id");
ALTER TABLE "dataset" ADD CONSTRAINT "dataset_project_id_fkey"
  FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "dataset_import" ADD CONSTRAINT "dataset_import_project_id_fkey"
  FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "experiment" ADD CONSTRAINT "experiment_project_id_fkey"
  FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "model" ADD CONSTRAINT "model_project_id_fkey"
  FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "deletion" ADD CONSTRAINT "deletion_project_id_fkey"
  FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- An experiment on a dataset is of the dataset's project, whatever it was told. One that gets its dataset later stays where it is.
create function keep_experiment_with_dataset() returns trigger language plpgsql as $$
declare
  home uuid := (select project_id from dataset where id = new.dataset_id);
begin
  if tg_op = 'INSERT' then
    new.project_id := coalesce(home, new.project_id);
  elsif new.project_id <> old.project_id or home <> new.project_id then
    raise exception 'An experiment stays in its project, and so does its dataset.' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger experiment_project before insert or update of dataset_id, project_id on experiment
  for each row execute function keep_experiment_with_dataset();
drop index experiment_name_without_dataset_key;
create unique index experiment_name_without_dataset_key on experiment (project_id, name) where dataset_id is null;

-- What a project holds never moves to another one: what stands on it would be left behind.
create function refuse_project_change() returns trigger language plpgsql as $$
begin
  if new.project_id <> old.project_id then
    raise exception 'Rows of % stay in their project.', tg_table_name using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger dataset_keeps_project before update of project_id on dataset
  for each row execute function refuse_project_change();
create trigger model_keeps_project before update of project_id on model
  for each row execute function refuse_project_change();

-- A model's versions are runs of its own project.
create function refuse_foreign_version() returns trigger language plpgsql as $$
begin
  if (select project_id from model where id = new.model_id) is distinct from
     (select experiment.project_id from run join experiment on experiment.id = run.experiment_id where run.id = new.run_id) then
    raise exception 'A version of a model is a run of the same project.' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger model_version_of_project before insert on model_version
  for each row execute function refuse_foreign_version();

-- A model is put to the test on data of its own project.
create function refuse_foreign_exam() returns trigger language plpgsql as $$
begin
  if (select project_id from dataset where id = new.dataset_id) is distinct from
     (select experiment.project_id from run join experiment on experiment.id = run.experiment_id where run.id = new.run_id) then
    raise exception 'A model is put to the test on data of its own project.' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger external_evaluation_of_project before insert on external_evaluation
  for each row execute function refuse_foreign_exam();
