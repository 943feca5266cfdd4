-- A worker says in which numbers it can train: a run in bfloat16 goes to those that have it.

ALTER TABLE "worker" ADD COLUMN "precisions" TEXT[] DEFAULT ARRAY['float32']::TEXT[];
