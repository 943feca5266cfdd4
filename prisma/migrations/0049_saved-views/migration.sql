-- The run table as a project's people look at it, under a name: shared by all of them, one of them the first that is seen.

CREATE TABLE "saved_view" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "is_default" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "saved_view_pkey" PRIMARY KEY ("id"),
    constraint saved_view_name_check check (btrim(name) <> '' and length(name) <= 200),
    constraint saved_view_address_check check (length(address) <= 20000)
);
CREATE UNIQUE INDEX "saved_view_project_id_name_key" ON "saved_view"("project_id", "name");
create unique index saved_view_one_default on saved_view (project_id) where is_default;
ALTER TABLE "saved_view" ADD CONSTRAINT "saved_view_project_id_fkey"
  FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
