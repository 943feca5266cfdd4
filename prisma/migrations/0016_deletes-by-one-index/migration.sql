-- A deleted slide asks for its patches by slide and dataset, a deleted split for its patients by split and dataset. Where
-- one index began with the dataset and another with the slide, both were read: every patch that the dataset had,
-- for each of its slides. A slide is of one dataset, so that what is unique stays the same.
CREATE UNIQUE INDEX "patch_slide_id_dataset_id_x_y_key" ON "patch"("slide_id", "dataset_id", "x", "y");
DROP INDEX "patch_slide_id_x_y_key";
CREATE INDEX "split_patient_patient_id_dataset_id_idx" ON "split_patient"("patient_id", "dataset_id");
DROP INDEX "split_patient_dataset_id_patient_id_idx";
