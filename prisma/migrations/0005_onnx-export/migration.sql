-- A run's network is also kept as a standard ONNX file.
alter table run_artifact
  drop constraint run_artifact_role_check,
  add constraint run_artifact_role_check check (
    role ~ '^(MODEL_(JSON|WEIGHTS|ONNX)|PREDICTIONS_(TRAIN|VALIDATION|TEST)|CHECKPOINT_(BEST|[1-9][0-9]*))$');
