/**
 * What a child process is told to examine a model: the patches of another dataset and where the model lies, as plain data
 * that crosses a process border; and what it answers.
 */
import type { ExternalFigures } from '@microtome/domain/external-evaluation/external-figures';
import type { BackendName } from '@microtome/domain/run/backends';
import type { Hyperparameters } from '@microtome/domain/run/hyperparameters';
import type { ArtifactRef } from '@microtome/store/artifacts/artifacts';
import type { JobPatches, JobPixels } from './training-job.ts';

export type ExamJob = {
  hyperparameters: Hyperparameters;
  backend: BackendName;
  threads: number | null;
  modelJsonHash: string;
  modelWeightsHash: string;
  pixels: JobPixels;
  /** Labels are empty where the exam has no task. */
  patches: JobPatches;
  /** The run's own. */
  threshold: number;
  draws: number;
  seed: number;
};

export type ExamResult = { predictions: ArtifactRef; figures: ExternalFigures | null };
