/** Models that MLflow clients log, before or without registering them. */
import { refuseValue } from '@microtome/domain/mlflow/entry-rules';
import { LOGGED_MODEL_STATUSES, type LoggedModelStatus } from '@microtome/domain/mlflow/mlflow-words';
import {
  createLoggedModel,
  deleteLoggedModel,
  deleteLoggedModelTag,
  finalizeLoggedModel,
  getLoggedModel,
  logModelParams,
  setLoggedModelTags,
} from '@microtome/store/mlflow/logged-models';
import { listKeptFiles } from '@microtome/store/mlflow/mlflow-files';
import { type LoggedModelOrder, searchLoggedModels } from '@microtome/store/mlflow/search-logged-models';
import { describeLoggedModel } from './entity-json.ts';
import { describeFiles, readFolder } from './file-json.ts';
import { changing, type MlflowRoute, posting, reading } from './mlflow-route.ts';
import type { RequestReader } from './request-reader.ts';
import { describePage } from './search-request.ts';

const DEFAULT_PAGE = 100;

export const LOGGED_MODEL_ROUTES: readonly MlflowRoute[] = [
  posting('/logged-models', async ({ store, fields }) => {
    const model = await createLoggedModel(store, {
      experimentId: fields.requiredText('experiment_id'),
      name: fields.text('name'),
      modelType: fields.text('model_type'),
      sourceRunId: fields.text('source_run_id'),
      params: fields.keyedTexts('params'),
      tags: fields.keyedTexts('tags'),
    });
    return { model: describeLoggedModel(model) };
  }),
  {
    methods: ['POST'],
    path: '/logged-models/search',
    writes: false,
    async answer({ store, fields }) {
      const page = await searchLoggedModels(store, {
        experimentIds: fields.texts('experiment_ids'),
        filter: fields.text('filter'),
        datasets: fields.entries('datasets').map((entry) => ({
          name: entry.requiredText('dataset_name'),
          digest: entry.text('dataset_digest'),
        })),
        maxResults: fields.integer('max_results') ?? DEFAULT_PAGE,
        orders: fields.entries('order_by').map(readOrder),
        pageToken: fields.text('page_token'),
      });
      return describePage('models', page, describeLoggedModel);
    },
  },
  reading('/logged-models/:model_id', async ({ store, param }) => ({
    model: describeLoggedModel(await getLoggedModel(store, param('model_id'))),
  })),
  changing('PATCH', '/logged-models/:model_id', async ({ store, fields, param }) => {
    const request = { modelId: param('model_id'), status: readStatus(fields) };
    return { model: describeLoggedModel(await finalizeLoggedModel(store, request)) };
  }),
  changing('DELETE', '/logged-models/:model_id', async ({ store, param }) => {
    await deleteLoggedModel(store, param('model_id'));
    return {};
  }),
  posting('/logged-models/:model_id/params', async ({ store, fields, param }) => {
    await logModelParams(store, { modelId: param('model_id'), params: fields.keyedTexts('params') });
    return {};
  }),
  changing('PATCH', '/logged-models/:model_id/tags', async ({ store, fields, param }) => {
    const modelId = param('model_id');
    await setLoggedModelTags(store, { modelId, tags: fields.keyedTexts('tags') });
    return { model: describeLoggedModel(await getLoggedModel(store, modelId)) };
  }),
  changing('DELETE', '/logged-models/:model_id/tags/:tag_key', async ({ store, param }) => {
    await deleteLoggedModelTag(store, { modelId: param('model_id'), key: param('tag_key') });
    return {};
  }),
  reading('/logged-models/:model_id/artifacts/directories', async ({ store, fields, param }) => {
    const modelId = param('model_id');
    const path = readFolder(fields.text('artifact_directory_path'));
    const { artifactUri } = await getLoggedModel(store, modelId);
    const files = await listKeptFiles(store, { kind: 'model', modelId, path });
    return { root_uri: artifactUri, files: describeFiles(files) };
  }),
];

function readOrder(entry: RequestReader): LoggedModelOrder {
  return {
    fieldName: entry.requiredText('field_name'),
    isAscending: !entry.has('ascending') || entry.flag('ascending'),
    dataset: { name: entry.text('dataset_name'), digest: entry.text('dataset_digest') },
  };
}

/** Written as a word, or as its number in the protocol, which counts from 1. */
function readStatus(fields: RequestReader): LoggedModelStatus {
  const given = fields.isText('status') ? fields.text('status') : fields.integer('status');
  const known = LOGGED_MODEL_STATUSES.find((status) => `LOGGED_MODEL_${status}` === given);
  return known ?? LOGGED_MODEL_STATUSES[Number(given) - 1] ?? refuseValue('status', given ?? null);
}
