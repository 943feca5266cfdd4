/** Runs and their numbers in the shape in which MLflow clients read them. */
import { MLFLOW_STATUS_OF } from '@microtome/domain/mlflow/mlflow-words';
import type { Curve, RunMetricRow } from '@microtome/store/mlflow/run-histories';
import type { MetricRow, MlflowRunRow } from '@microtome/store/mlflow/run-rows';
import { listTexts, writeNumber } from './entity-json.ts';

export function describeRun(row: MlflowRunRow): object {
  return {
    info: describeRunInfo(row),
    data: {
      metrics: row.metrics.map(describeMetric),
      params: listTexts(row.params),
      tags: listTexts(row.tags),
    },
    inputs: {
      dataset_inputs: row.inputs.map(({ tags, name, digest, sourceType, source, schema, profile }) => ({
        tags,
        dataset: {
          name,
          digest,
          source,
          source_type: sourceType,
          ...(schema === null ? {} : { schema }),
          ...(profile === null ? {} : { profile }),
        },
      })),
      model_inputs: row.links.flatMap(({ kind, modelId }) =>
        kind === 'INPUT' ? [{ model_id: modelId }] : [],
      ),
    },
    outputs: {
      model_outputs: row.links.flatMap(({ kind, modelId, step }) =>
        kind === 'OUTPUT' ? [{ model_id: modelId, step }] : [],
      ),
    },
  };
}

export function describeRunInfo(run: MlflowRunRow): object {
  return {
    run_id: run.id,
    run_uuid: run.id,
    run_name: run.name,
    experiment_id: run.experimentId,
    user_id: run.userId,
    status: MLFLOW_STATUS_OF[run.status],
    start_time: run.startedAtMs,
    ...(run.finishedAtMs === null ? {} : { end_time: run.finishedAtMs }),
    artifact_uri: run.artifactUri,
    lifecycle_stage: run.isDeleted ? 'deleted' : 'active',
  };
}

export function describeMetric({ name, value, step, atMs }: MetricRow): object {
  return { key: name, value: writeNumber(value), timestamp: atMs, step };
}

export function describeRunMetric(row: RunMetricRow): object {
  return { ...describeMetric(row), run_id: row.runId };
}

/** The same of a curve, whose numbers are as JSON writes them already. */
export function writeCurve({ runId, name, steps, moments, values }: Curve): string {
  const begin = `{"key":${JSON.stringify(name)},"value":`;
  const end = `,"run_id":"${runId}"}`;
  return steps
    .map((step, at) => `${begin}${writeValue(values[at]!)},"timestamp":${moments[at]},"step":${step}${end}`)
    .join(',');
}

function writeValue(text: string): string {
  return /^-?\d/.test(text) ? text : JSON.stringify(text);
}
