/**
 * What a child process is told to examine a model: the patches of another dataset and where the model lies, as plain data
 * that crosses a process border; and what it answers. A check of an external program's model is told and answered likewise.
 */
import type { ExternalFigures } from '@microtome/domain/external-evaluation/external-figures';
import type { CheckFinding, ModelSignature } from '@microtome/domain/model-check/model-check';
import type { ModelInput } from '@microtome/domain/model-check/model-input';
import type { BackendName } from '@microtome/domain/run/backends';
import type { Hyperparameters } from '@microtome/domain/run/hyperparameters';
import type { ArtifactRef } from '@microtome/store/artifacts/artifacts';
import type { JobPatches, JobPixels } from './training-job.ts';

/** A worker's model, or the file of an external program. */
export type JobModel =
  | { kind: 'saved'; hyperparameters: Hyperparameters; modelJsonHash: string; modelWeightsHash: string }
  | ExternalJobModel;

type ExternalJobModel = { kind: 'external'; fileHash: string; input: ModelInput };

export type ExamJob = {
  model: JobModel;
  backend: BackendName;
  threads: number | null;
  pixels: JobPixels;
  /** Labels are empty where the exam has no task. */
  patches: JobPatches;
  /** The run's own. */
  threshold: number;
  draws: number;
  seed: number;
};

export type ExamResult = { predictions: ArtifactRef; figures: ExternalFigures | null };

export type CheckJob = {
  model: ExternalJobModel;
  threads: number | null;
  pixels: JobPixels;
  /** The sample: indexes within the dataset, with the probabilities that were uploaded. */
  indexes: Int32Array;
  uploaded: Float64Array;
};

export type CheckResult = { finding: CheckFinding; signature: ModelSignature };
