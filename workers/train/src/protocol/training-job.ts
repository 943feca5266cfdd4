/**
 * What a trainer is told: everything about one attempt at one run, as plain data that crosses a process border.
 * It has the labels of TRAIN and VALIDATION but none of TEST, and nothing with which a database could be opened.
 */

import type { PatchPlaces } from '@microtome/domain/context/neighbourhood';
import type { BackendName } from '@microtome/domain/run/backends';
import type { Hyperparameters } from '@microtome/domain/run/hyperparameters';
import type { PatchLayout } from '@microtome/store/dataset/patch-layout';

/** The patches of one subset, in the order of their indexes; the arrays run side by side. */
export type JobPatches = {
  /** Index of each patch within its dataset. */
  indexes: Int32Array;
  /** 1 = the positive side of the run's task. Empty for TEST. */
  labels: Uint8Array;
  /** Dense patient number, 0..P-1 within the subset. Empty for TEST. */
  patients: Int32Array;
};

/** Where the pixels of all these patches lie, and in which artifact store. */
export type JobPixels = PatchLayout & { artifactUrl: string };

export type TrainingJob = {
  runId: string;
  attempt: number;
  hyperparameters: Hyperparameters;
  backend: BackendName;
  /** CPU threads of a step; null = as many as there are cores. */
  threads: number | null;
  pixels: JobPixels;
  train: JobPatches;
  validation: JobPatches;
  /** Where the patches of VALIDATION lie. A job that was carried from an earlier version tells none. */
  validationPlaces?: PatchPlaces;
  test: JobPatches;
  /** The artifacts from which to go on, newest first; none = from the start. */
  checkpointHashes: string[];
};
