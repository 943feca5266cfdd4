-- Which account launched a run, began a sweep, asked for an exam or an import; and to which project a name in the registry of MLflow
-- clients belongs. What was there before stays without an account, and in the project "default".

ALTER TABLE "run" ADD COLUMN "created_by" UUID;
ALTER TABLE "sweep" ADD COLUMN "created_by" UUID;
ALTER TABLE "external_evaluation" ADD COLUMN "created_by" UUID;
ALTER TABLE "dataset_import" ADD COLUMN "created_by" UUID;
CREATE INDEX "run_created_by_idx" ON "run"("created_by");
ALTER TABLE "run" ADD CONSTRAINT "run_created_by_fkey"
  FOREIGN KEY ("created_by") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "sweep" ADD CONSTRAINT "sweep_created_by_fkey"
  FOREIGN KEY ("created_by") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "external_evaluation" ADD CONSTRAINT "external_evaluation_created_by_fkey"
  FOREIGN KEY ("created_by") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "dataset_import" ADD CONSTRAINT "dataset_import_created_by_fkey"
  FOREIGN KEY ("created_by") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Looked at only by a statement that names the column, which none of ours does.
create function refuse_other_creator() returns trigger language plpgsql as $$
begin
  raise exception 'Who made a record never changes.' using errcode = 'restrict_violation';
end $$;
create trigger run_creator_stays before update of created_by on run
  for each row when (new.created_by is distinct from old.created_by) execute function refuse_other_creator();
create trigger sweep_creator_stays before update of created_by on sweep
  for each row when (new.created_by is distinct from old.created_by) execute function refuse_other_creator();
create trigger external_evaluation_creator_stays before update of created_by on external_evaluation
  for each row when (new.created_by is distinct from old.created_by) execute function refuse_other_creator();
create trigger dataset_import_creator_stays before update of created_by on dataset_import
  for each row when (new.created_by is distinct from old.created_by) execute function refuse_other_creator();

ALTER TABLE "mlflow_model" ADD COLUMN "project_id" UUID NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001';
ALTER TABLE "mlflow_model" ADD CONSTRAINT "mlflow_model_project_id_fkey"
  FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
DROP INDEX "mlflow_model_name_key";
CREATE UNIQUE INDEX "mlflow_model_project_id_name_key" ON "mlflow_model"("project_id", "name");
