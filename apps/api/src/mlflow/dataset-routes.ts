/** What runs of MLflow clients read and made: data sets and logged models. */
import { AppError } from '@microtome/domain/app-error';
import {
  type DatasetInput,
  listDatasetSummaries,
  logRunInputs,
  logRunOutputs,
  type ModelLink,
} from '@microtome/store/mlflow/run-inputs';
import { type MlflowRoute, posting } from './mlflow-route.ts';
import { type RequestReader, refuseMissing } from './request-reader.ts';

const EXPERIMENTS_MAX = 20;

export const DATASET_ROUTES: readonly MlflowRoute[] = [
  posting('/runs/log-inputs', async ({ store, fields }) => {
    const runId = fields.requiredText('run_id');
    const datasets = fields.entries('datasets').map(readDataset);
    const models = fields.entries('models').map(readModel);
    if (datasets.length + models.length === 0) refuseMissing('datasets');
    await logRunInputs(store, { runId, datasets, models });
    return {};
  }),
  posting('/runs/outputs', async ({ store, fields }) => {
    const runId = fields.requiredText('run_id');
    const models = fields.entries('models').map(readModel);
    if (models.length === 0) refuseMissing('models');
    await logRunOutputs(store, { runId, models });
    return {};
  }),
  {
    methods: ['POST'],
    path: '/experiments/search-datasets',
    writes: false,
    async answer({ store, fields }) {
      const experimentIds = fields.texts('experiment_ids');
      if (experimentIds.length === 0) {
        throw new AppError('BAD_INPUT', 'SearchDatasets request must specify at least one experiment_id.');
      }
      if (experimentIds.length > EXPERIMENTS_MAX) {
        throw new AppError(
          'BAD_INPUT',
          `SearchDatasets request cannot specify more than ${EXPERIMENTS_MAX} experiment_ids. Received ${experimentIds.length} experiment_ids.`,
        );
      }
      const summaries = await listDatasetSummaries(store, experimentIds);
      return {
        dataset_summaries: summaries.map(({ experimentId, name, digest, context }) => ({
          name,
          digest,
          experiment_id: experimentId,
          ...(context === null ? {} : { context }),
        })),
      };
    },
  },
];

function readDataset(fields: RequestReader, place: number): DatasetInput {
  const path = `datasets[${place}].dataset`;
  const dataset = fields.entry('dataset') ?? refuseMissing(path);
  const required = (name: string) => dataset.optionalText(name) ?? refuseMissing(`${path}.${name}`);
  return {
    name: required('name'),
    digest: required('digest'),
    sourceType: required('source_type'),
    source: required('source'),
    schema: dataset.optionalText('schema') ?? null,
    profile: dataset.optionalText('profile') ?? null,
    tags: fields.keyedTexts('tags'),
  };
}

function readModel(fields: RequestReader): ModelLink {
  return { modelId: fields.requiredText('model_id'), step: fields.integer('step') ?? 0 };
}
