/** Experiments, models and versions in the shape in which MLflow clients read them. */
import { getExperimentUri } from '@microtome/store/mlflow/artifact-places';
import type { LoggedModelRow } from '@microtome/store/mlflow/logged-models';
import type { MlflowExperimentRow } from '@microtome/store/mlflow/mlflow-experiments';
import type { NamedVersion } from '@microtome/store/mlflow/model-versions';
import type { RegisteredModel } from '@microtome/store/mlflow/registered-models';

type KeyedValue = { key: string; value: string };

export function listTexts(texts: Readonly<Record<string, string>>): KeyedValue[] {
  return Object.entries(texts).map(([key, value]) => ({ key, value }));
}

/** JSON has no number for them: protocol buffers write them as texts. */
export function writeNumber(value: number): number | string {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

export function describeExperiment(experiment: MlflowExperimentRow): object {
  return {
    experiment_id: experiment.experimentId,
    name: experiment.name,
    artifact_location: getExperimentUri(experiment),
    lifecycle_stage: experiment.deletedAt ? 'deleted' : 'active',
    creation_time: experiment.createdAt.getTime(),
    last_update_time: experiment.updatedAt.getTime(),
    tags: listTexts(experiment.tags),
  };
}

export function describeRegisteredModel(model: RegisteredModel): object {
  const namesOf = (number: number) =>
    model.aliases.flatMap((alias) => (alias.number === number ? [alias.name] : []));
  return {
    name: model.name,
    creation_timestamp: model.createdAt.getTime(),
    last_updated_timestamp: model.updatedAt.getTime(),
    description: model.description,
    latest_versions: model.latest.map((version) =>
      describeVersion({ ...version, name: model.name, aliases: namesOf(version.number) }),
    ),
    tags: listTexts(model.tags),
    aliases: model.aliases.map(({ name, number }) => ({ alias: name, version: String(number) })),
  };
}

export function describeVersion(version: NamedVersion): object {
  return {
    name: version.name,
    version: String(version.number),
    creation_timestamp: version.createdAt.getTime(),
    last_updated_timestamp: version.updatedAt.getTime(),
    current_stage: version.stage,
    description: version.description,
    source: version.source,
    run_id: version.runId,
    run_link: version.runLink,
    status: 'READY',
    tags: listTexts(version.tags),
    aliases: version.aliases,
    ...(version.loggedModelId === '' ? {} : { model_id: version.loggedModelId }),
  };
}

export function describeLoggedModel(model: LoggedModelRow): object {
  return {
    info: {
      model_id: model.id,
      experiment_id: model.experimentId,
      name: model.name,
      creation_timestamp_ms: model.createdAt.getTime(),
      last_updated_timestamp_ms: model.updatedAt.getTime(),
      artifact_uri: model.artifactUri,
      status: `LOGGED_MODEL_${model.status}`,
      model_type: model.modelType,
      source_run_id: model.sourceRunId,
      status_message: model.statusMessage,
      tags: listTexts(model.tags),
    },
    data: {
      params: listTexts(model.params),
      metrics: model.metrics.map((metric) => ({
        key: metric.name,
        value: writeNumber(metric.value),
        timestamp: metric.at.getTime(),
        step: metric.step,
        model_id: metric.modelId,
        run_id: metric.runId,
        ...(metric.datasetName === '' ? {} : { dataset_name: metric.datasetName }),
        ...(metric.datasetDigest === '' ? {} : { dataset_digest: metric.datasetDigest }),
      })),
    },
  };
}
