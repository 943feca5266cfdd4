/**
 * The addresses under which MLflow clients keep files: `EXPERIMENT/RUN/artifacts/…` of a run and
 * `EXPERIMENT/models/MODEL/artifacts/…` of a logged model, below `mlflow-artifacts:/`. An experiment may have a place of its
 * own instead, where its clients write themselves.
 */
import { AppError } from '@microtome/domain/app-error';
import { staysItself } from '@microtome/domain/mlflow/entry-rules';

const ROOT = 'mlflow-artifacts:/';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const PATH_LENGTH_MAX = 1_000;

/** A file or folder of a run or of a logged model; `path` is empty for all of it. */
export type ArtifactPlace =
  | { kind: 'run'; runId: string; path: string }
  | { kind: 'model'; modelId: string; path: string };

type ExperimentPlace = { experimentId: string; artifactLocation: string | null };

export function getExperimentUri({ experimentId, artifactLocation }: ExperimentPlace): string {
  return artifactLocation ?? `${ROOT}${experimentId}`;
}

export function getRunUri(experiment: ExperimentPlace, runId: string): string {
  return `${getExperimentUri(experiment).replace(/\/+$/, '')}/${runId}/artifacts`;
}

export function getModelUri(experiment: ExperimentPlace, modelId: string): string {
  return `${getExperimentUri(experiment).replace(/\/+$/, '')}/models/${modelId}/artifacts`;
}

/** NOT_FOUND for a path that is neither; BAD_INPUT for one that does not stay below its root. */
export function parseArtifactPlace(fullPath: string): ArtifactPlace {
  const parts = checkArtifactPath(fullPath).split('/');
  const [, second = '', third = ''] = parts;
  if (UUID.test(second) && third === 'artifacts') {
    return { kind: 'run', runId: second, path: parts.slice(3).join('/') };
  }
  if (second === 'models' && parts[3] === 'artifacts') {
    return { kind: 'model', modelId: third, path: parts.slice(4).join('/') };
  }
  throw new AppError(
    'NOT_FOUND',
    `There is no place '${fullPath}' for files: they belong to a run (EXPERIMENT/RUN/artifacts/…) or to a logged model (EXPERIMENT/models/MODEL/artifacts/…).`,
  );
}

/** The path without `/` at its end. BAD_INPUT, in MLflow's words, when it leads elsewhere. */
export function checkArtifactPath(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  const isPlain = !/[\\\0#]/.test(trimmed) && trimmed.length <= PATH_LENGTH_MAX;
  if (!isPlain || !staysItself(trimmed)) throw new AppError('BAD_INPUT', 'Invalid path');
  return trimmed;
}
