-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "artifact" (
    "hash" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "media_type" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "artifact_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "dataset_import" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "source_path" TEXT NOT NULL,
    "options" JSONB NOT NULL DEFAULT '{}',
    "status" TEXT NOT NULL DEFAULT 'RUNNING',
    "phase" TEXT NOT NULL DEFAULT 'scanning',
    "files_total" INTEGER NOT NULL DEFAULT 0,
    "files_done" INTEGER NOT NULL DEFAULT 0,
    "files_refused" INTEGER NOT NULL DEFAULT 0,
    "files_per_second" DOUBLE PRECISION,
    "seconds_left" DOUBLE PRECISION,
    "error" TEXT,
    "reused" BOOLEAN NOT NULL DEFAULT false,
    "cancel_requested_at" TIMESTAMPTZ(3),
    "heartbeat_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "dataset_id" UUID,

    CONSTRAINT "dataset_import_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dataset" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "patch_size_px" INTEGER NOT NULL,
    "positive_class" TEXT NOT NULL,
    "patient_count" INTEGER NOT NULL,
    "patch_count" INTEGER NOT NULL,
    "positive_count" INTEGER NOT NULL,
    "strip_count" INTEGER NOT NULL,
    "refused_count" INTEGER NOT NULL,
    "channel_mean" DOUBLE PRECISION[],
    "channel_sd" DOUBLE PRECISION[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dataset_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refused_file" (
    "dataset_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "path" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT "refused_file_pkey" PRIMARY KEY ("dataset_id","position")
);

-- CreateTable
CREATE TABLE "dataset_shard" (
    "dataset_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "first_patch" INTEGER NOT NULL,
    "patch_count" INTEGER NOT NULL,
    "artifact_hash" TEXT NOT NULL,

    CONSTRAINT "dataset_shard_pkey" PRIMARY KEY ("dataset_id","position")
);

-- CreateTable
CREATE TABLE "patient" (
    "id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "key" TEXT NOT NULL,

    CONSTRAINT "patient_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dataset_patient" (
    "dataset_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "patch_count" INTEGER NOT NULL,
    "positive_count" INTEGER NOT NULL,
    "strip_count" INTEGER NOT NULL,

    CONSTRAINT "dataset_patient_pkey" PRIMARY KEY ("dataset_id","patient_id")
);

-- CreateTable
CREATE TABLE "slide" (
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "width_px" INTEGER NOT NULL,
    "height_px" INTEGER NOT NULL,
    "microns_per_pixel" DOUBLE PRECISION,

    CONSTRAINT "slide_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "patch" (
    "dataset_id" UUID NOT NULL,
    "index" INTEGER NOT NULL,
    "slide_id" UUID NOT NULL,
    "x" INTEGER NOT NULL,
    "y" INTEGER NOT NULL,
    "width_px" INTEGER NOT NULL,
    "height_px" INTEGER NOT NULL,
    "label" SMALLINT NOT NULL,
    "pixel_hash" BYTEA NOT NULL,
    "byte_offset" BIGINT NOT NULL,

    CONSTRAINT "patch_pkey" PRIMARY KEY ("dataset_id","index")
);

-- CreateTable
CREATE TABLE "split" (
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "strategy" TEXT NOT NULL,
    "seed" BIGINT NOT NULL,
    "fractions" JSONB NOT NULL,
    "digest" TEXT NOT NULL,
    "fold" INTEGER,
    "folds" INTEGER,
    "train_patients" INTEGER NOT NULL,
    "validation_patients" INTEGER NOT NULL,
    "test_patients" INTEGER NOT NULL,
    "train_patches" INTEGER NOT NULL,
    "validation_patches" INTEGER NOT NULL,
    "test_patches" INTEGER NOT NULL,
    "train_positives" INTEGER NOT NULL,
    "validation_positives" INTEGER NOT NULL,
    "test_positives" INTEGER NOT NULL,
    "left_out_patients" INTEGER NOT NULL,
    "absent_patients" TEXT[],
    "audit" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "split_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "split_patient" (
    "split_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "split_kind" TEXT NOT NULL,
    "dataset_id" UUID NOT NULL,
    "subset" TEXT NOT NULL,

    CONSTRAINT "split_patient_pkey" PRIMARY KEY ("split_id","patient_id")
);

-- CreateTable
CREATE TABLE "experiment" (
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "question" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "experiment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sweep" (
    "id" UUID NOT NULL,
    "experiment_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "strategy" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "canceled_at" TIMESTAMPTZ(3),

    CONSTRAINT "sweep_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run" (
    "id" UUID NOT NULL,
    "experiment_id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "split_id" UUID NOT NULL,
    "split_kind" TEXT NOT NULL,
    "sweep_id" UUID,
    "name" TEXT NOT NULL,
    "notes" TEXT NOT NULL DEFAULT '',
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "architecture" TEXT NOT NULL,
    "hyperparameters" JSONB NOT NULL,
    "seed" BIGINT NOT NULL,
    "requested_backend" TEXT NOT NULL DEFAULT 'auto',
    "priority" INTEGER NOT NULL DEFAULT 0,
    "parameters" INTEGER NOT NULL,
    "multiply_adds" BIGINT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'QUEUED',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "empty_attempts" INTEGER NOT NULL DEFAULT 0,
    "last_seq" INTEGER NOT NULL DEFAULT 0,
    "epochs_done" INTEGER NOT NULL DEFAULT 0,
    "best_epoch" INTEGER,
    "backend" TEXT,
    "device" TEXT,
    "versions" JSONB,
    "train_patches_per_second" DOUBLE PRECISION,
    "peak_memory_bytes" BIGINT,
    "threshold" DOUBLE PRECISION,
    "temperature" DOUBLE PRECISION,
    "error" TEXT,
    "cancel_requested_at" TIMESTAMPTZ(3),
    "archived_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_attempt" (
    "run_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "worker_id" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "heartbeat_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "epochs_added" INTEGER NOT NULL DEFAULT 0,
    "outcome" TEXT,
    "error" TEXT,

    CONSTRAINT "run_attempt_pkey" PRIMARY KEY ("run_id","number")
);

-- CreateTable
CREATE TABLE "run_event" (
    "run_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL DEFAULT 0,
    "kind" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "payload" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "run_event_pkey" PRIMARY KEY ("run_id","seq")
);

-- CreateTable
CREATE TABLE "metric" (
    "run_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "step" INTEGER NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "metric_pkey" PRIMARY KEY ("run_id","name","epoch")
);

-- CreateTable
CREATE TABLE "run_progress" (
    "run_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "phase" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "epochs" INTEGER NOT NULL,
    "batch" INTEGER NOT NULL,
    "batches" INTEGER NOT NULL,
    "patches_per_second" DOUBLE PRECISION,
    "seconds_left" DOUBLE PRECISION,
    "loss" DOUBLE PRECISION,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "run_progress_pkey" PRIMARY KEY ("run_id")
);

-- CreateTable
CREATE TABLE "run_artifact" (
    "run_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "artifact_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "run_artifact_pkey" PRIMARY KEY ("run_id","role")
);

-- CreateTable
CREATE TABLE "evaluation" (
    "run_id" UUID NOT NULL,
    "subset" TEXT NOT NULL,
    "threshold" DOUBLE PRECISION NOT NULL,
    "metrics" JSONB NOT NULL,
    "intervals" JSONB NOT NULL,
    "draws" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "evaluation_pkey" PRIMARY KEY ("run_id","subset")
);

-- CreateTable
CREATE TABLE "test_opening" (
    "id" UUID NOT NULL,
    "split_id" UUID NOT NULL,
    "run_id" UUID,
    "run_name" TEXT NOT NULL,
    "opened_by" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "test_opening_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "policy" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model_version" (
    "id" UUID NOT NULL,
    "model_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "run_id" UUID NOT NULL,
    "split_kind" TEXT NOT NULL,
    "notes" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "promotion" (
    "id" UUID NOT NULL,
    "model_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "split_kind" TEXT NOT NULL,
    "alias_name" TEXT NOT NULL,
    "from_version_id" UUID,
    "allowed" BOOLEAN NOT NULL,
    "overridden" BOOLEAN NOT NULL DEFAULT false,
    "verdict" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "promoted_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "promotion_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alias" (
    "model_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "promotion_id" UUID NOT NULL,
    "allowed" BOOLEAN NOT NULL DEFAULT true,
    "moved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "alias_pkey" PRIMARY KEY ("model_id","name")
);

-- CreateTable
CREATE TABLE "worker" (
    "id" TEXT NOT NULL,
    "hostname" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "backends" TEXT[],
    "device" TEXT NOT NULL,
    "versions" JSONB NOT NULL,
    "status" TEXT NOT NULL,
    "current_run_id" UUID,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "heartbeat_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "worker_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "dataset_import_dataset_id_idx" ON "dataset_import"("dataset_id");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_name_key" ON "dataset"("name");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_digest_key" ON "dataset"("digest");

-- CreateIndex
CREATE INDEX "dataset_shard_artifact_hash_idx" ON "dataset_shard"("artifact_hash");

-- CreateIndex
CREATE UNIQUE INDEX "patient_source_key_key" ON "patient"("source", "key");

-- CreateIndex
CREATE INDEX "dataset_patient_patient_id_idx" ON "dataset_patient"("patient_id");

-- CreateIndex
CREATE INDEX "slide_patient_id_idx" ON "slide"("patient_id");

-- CreateIndex
CREATE UNIQUE INDEX "slide_dataset_id_patient_id_key_key" ON "slide"("dataset_id", "patient_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "slide_id_dataset_id_key" ON "slide"("id", "dataset_id");

-- CreateIndex
CREATE UNIQUE INDEX "patch_slide_id_x_y_key" ON "patch"("slide_id", "x", "y");

-- CreateIndex
CREATE UNIQUE INDEX "split_id_kind_dataset_id_key" ON "split"("id", "kind", "dataset_id");

-- CreateIndex
CREATE UNIQUE INDEX "split_dataset_id_digest_key" ON "split"("dataset_id", "digest");

-- CreateIndex
CREATE INDEX "split_patient_dataset_id_patient_id_idx" ON "split_patient"("dataset_id", "patient_id");

-- CreateIndex
CREATE UNIQUE INDEX "experiment_id_dataset_id_key" ON "experiment"("id", "dataset_id");

-- CreateIndex
CREATE UNIQUE INDEX "experiment_dataset_id_name_key" ON "experiment"("dataset_id", "name");

-- CreateIndex
CREATE INDEX "sweep_experiment_id_idx" ON "sweep"("experiment_id");

-- CreateIndex
CREATE INDEX "run_experiment_id_created_at_idx" ON "run"("experiment_id", "created_at");

-- CreateIndex
CREATE INDEX "run_split_id_idx" ON "run"("split_id");

-- CreateIndex
CREATE INDEX "run_sweep_id_idx" ON "run"("sweep_id");

-- CreateIndex
CREATE INDEX "run_status_idx" ON "run"("status");

-- CreateIndex
CREATE UNIQUE INDEX "run_id_split_kind_key" ON "run"("id", "split_kind");

-- CreateIndex
CREATE INDEX "run_artifact_artifact_hash_idx" ON "run_artifact"("artifact_hash");

-- CreateIndex
CREATE UNIQUE INDEX "test_opening_run_id_key" ON "test_opening"("run_id");

-- CreateIndex
CREATE INDEX "test_opening_split_id_opened_at_idx" ON "test_opening"("split_id", "opened_at");

-- CreateIndex
CREATE UNIQUE INDEX "model_name_key" ON "model"("name");

-- CreateIndex
CREATE INDEX "model_version_run_id_idx" ON "model_version"("run_id");

-- CreateIndex
CREATE UNIQUE INDEX "model_version_model_id_number_key" ON "model_version"("model_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "model_version_model_id_run_id_key" ON "model_version"("model_id", "run_id");

-- CreateIndex
CREATE UNIQUE INDEX "model_version_id_model_id_split_kind_key" ON "model_version"("id", "model_id", "split_kind");

-- CreateIndex
CREATE INDEX "promotion_model_id_created_at_idx" ON "promotion"("model_id", "created_at");

-- CreateIndex
CREATE INDEX "promotion_version_id_idx" ON "promotion"("version_id");

-- CreateIndex
CREATE UNIQUE INDEX "promotion_id_model_id_alias_name_allowed_key" ON "promotion"("id", "model_id", "alias_name", "allowed");

-- CreateIndex
CREATE UNIQUE INDEX "alias_promotion_id_key" ON "alias"("promotion_id");

-- CreateIndex
CREATE UNIQUE INDEX "alias_promotion_id_model_id_name_allowed_key" ON "alias"("promotion_id", "model_id", "name", "allowed");

-- AddForeignKey
ALTER TABLE "dataset_import" ADD CONSTRAINT "dataset_import_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refused_file" ADD CONSTRAINT "refused_file_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_shard" ADD CONSTRAINT "dataset_shard_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_shard" ADD CONSTRAINT "dataset_shard_artifact_hash_fkey" FOREIGN KEY ("artifact_hash") REFERENCES "artifact"("hash") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_patient" ADD CONSTRAINT "dataset_patient_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_patient" ADD CONSTRAINT "dataset_patient_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patient"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "slide" ADD CONSTRAINT "slide_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "slide" ADD CONSTRAINT "slide_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patient"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "patch" ADD CONSTRAINT "patch_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "patch" ADD CONSTRAINT "patch_slide_id_dataset_id_fkey" FOREIGN KEY ("slide_id", "dataset_id") REFERENCES "slide"("id", "dataset_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "split" ADD CONSTRAINT "split_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "split_patient" ADD CONSTRAINT "split_patient_split_id_split_kind_dataset_id_fkey" FOREIGN KEY ("split_id", "split_kind", "dataset_id") REFERENCES "split"("id", "kind", "dataset_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "split_patient" ADD CONSTRAINT "split_patient_dataset_id_patient_id_fkey" FOREIGN KEY ("dataset_id", "patient_id") REFERENCES "dataset_patient"("dataset_id", "patient_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiment" ADD CONSTRAINT "experiment_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sweep" ADD CONSTRAINT "sweep_experiment_id_fkey" FOREIGN KEY ("experiment_id") REFERENCES "experiment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_experiment_id_dataset_id_fkey" FOREIGN KEY ("experiment_id", "dataset_id") REFERENCES "experiment"("id", "dataset_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_split_id_split_kind_dataset_id_fkey" FOREIGN KEY ("split_id", "split_kind", "dataset_id") REFERENCES "split"("id", "kind", "dataset_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_sweep_id_fkey" FOREIGN KEY ("sweep_id") REFERENCES "sweep"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_attempt" ADD CONSTRAINT "run_attempt_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_event" ADD CONSTRAINT "run_event_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "metric" ADD CONSTRAINT "metric_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_progress" ADD CONSTRAINT "run_progress_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_artifact" ADD CONSTRAINT "run_artifact_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_artifact" ADD CONSTRAINT "run_artifact_artifact_hash_fkey" FOREIGN KEY ("artifact_hash") REFERENCES "artifact"("hash") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation" ADD CONSTRAINT "evaluation_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "test_opening" ADD CONSTRAINT "test_opening_split_id_fkey" FOREIGN KEY ("split_id") REFERENCES "split"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "test_opening" ADD CONSTRAINT "test_opening_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_version" ADD CONSTRAINT "model_version_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_version" ADD CONSTRAINT "model_version_run_id_split_kind_fkey" FOREIGN KEY ("run_id", "split_kind") REFERENCES "run"("id", "split_kind") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "promotion" ADD CONSTRAINT "promotion_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "promotion" ADD CONSTRAINT "promotion_version_id_model_id_split_kind_fkey" FOREIGN KEY ("version_id", "model_id", "split_kind") REFERENCES "model_version"("id", "model_id", "split_kind") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alias" ADD CONSTRAINT "alias_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alias" ADD CONSTRAINT "alias_promotion_id_model_id_name_allowed_fkey" FOREIGN KEY ("promotion_id", "model_id", "name", "allowed") REFERENCES "promotion"("id", "model_id", "alias_name", "allowed") ON DELETE RESTRICT ON UPDATE CASCADE;


