/** The words of MLflow's protocol that have a meaning of ours, and how each is translated. */
import type { RunStatus } from '../run/run-status.ts';

export const MODEL_STAGES = ['None', 'Staging', 'Production', 'Archived'] as const;
export type ModelStage = (typeof MODEL_STAGES)[number];

export const LOGGED_MODEL_STATUSES = ['PENDING', 'READY', 'UPLOAD_FAILED'] as const;
export type LoggedModelStatus = (typeof LOGGED_MODEL_STATUSES)[number];

export const MODEL_LINK_KINDS = ['INPUT', 'OUTPUT'] as const;
export type ModelLinkKind = (typeof MODEL_LINK_KINDS)[number];

export type TextByKey = Record<string, string>;
export type KeyedTexts = { key: string; value: string }[];

/** Of a run, as its client reads and writes it, in the order of their numbers in the protocol, which count from 1. */
export const MLFLOW_RUN_STATUSES = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'] as const;
export type MlflowRunStatus = (typeof MLFLOW_RUN_STATUSES)[number];

export const MLFLOW_STATUS_OF = {
  QUEUED: 'SCHEDULED',
  RUNNING: 'RUNNING',
  SUCCEEDED: 'FINISHED',
  FAILED: 'FAILED',
  CANCELED: 'KILLED',
} as const satisfies Record<RunStatus, MlflowRunStatus>;

/** Tags that the server reads. */
export const RUN_NAME_TAG = 'mlflow.runName';
export const USER_TAG = 'mlflow.user';
export const DATASET_CONTEXT_TAG = 'mlflow.data.context';
export const MODEL_HISTORY_TAG = 'mlflow.log-model.history';
/** Ties a run to a split of the platform: the split's id. */
export const SPLIT_TAG = 'microtome.split';
/** Of an experiment or a registered model: the project that it is made in, by name or id. */
export const PROJECT_TAG = 'microtome.project';
/** Of a request: the same for all that it names no other project for. */
export const PROJECT_HEADER = 'x-microtome-project';
/** Files at the top of a run on a split that are its predictions. */
const PREDICTION_FILES: readonly string[] = ['predictions.parquet', 'predictions.csv'];

/** Whether a file of a run on a split holds its predictions. */
export function isPredictionFile(path: string): boolean {
  return PREDICTION_FILES.includes(path);
}
