/** Registered models of MLflow clients: their names, tags and aliases. */
import {
  deleteModelAlias,
  getModelVersionByAlias,
  listLatestVersions,
  setModelAlias,
} from '@microtome/store/mlflow/model-versions';
import {
  createRegisteredModel,
  deleteRegisteredModel,
  deleteRegisteredModelTag,
  getRegisteredModel,
  setRegisteredModelTag,
  updateRegisteredModel,
} from '@microtome/store/mlflow/registered-models';
import { searchRegisteredModels } from '@microtome/store/mlflow/search-registry';
import { describeRegisteredModel, describeVersion } from './entity-json.ts';
import { changing, type MlflowRoute, posting, reading, searching } from './mlflow-route.ts';
import { describePage, readSearch } from './search-request.ts';

const DEFAULT_PAGE = 100;

export const REGISTERED_MODEL_ROUTES: readonly MlflowRoute[] = [
  posting('/registered-models/create', async ({ store, fields }) => {
    const name = fields.requiredText('name');
    const tags = fields.keyedTexts('tags');
    const model = await createRegisteredModel(store, { name, tags, description: fields.text('description') });
    return { registered_model: describeRegisteredModel(model) };
  }),
  reading('/registered-models/get', async ({ store, fields }) => ({
    registered_model: describeRegisteredModel(await getRegisteredModel(store, fields.requiredText('name'))),
  })),
  reading('/registered-models/search', async ({ store, fields }) => {
    const page = await searchRegisteredModels(store, readSearch(fields, DEFAULT_PAGE));
    return describePage('registered_models', page, describeRegisteredModel);
  }),
  changing('PATCH', '/registered-models/update', async ({ store, fields }) => {
    const name = fields.requiredText('name');
    const model = await updateRegisteredModel(store, { name, description: fields.text('description') });
    return { registered_model: describeRegisteredModel(model) };
  }),
  posting('/registered-models/rename', async ({ store, fields }) => {
    const name = fields.requiredText('name');
    const model = await updateRegisteredModel(store, { name, newName: fields.requiredText('new_name') });
    return { registered_model: describeRegisteredModel(model) };
  }),
  changing('DELETE', '/registered-models/delete', async ({ store, fields }) => {
    await deleteRegisteredModel(store, fields.requiredText('name'));
    return {};
  }),
  searching('/registered-models/get-latest-versions', async ({ store, fields }) => {
    const name = fields.requiredText('name');
    const versions = await listLatestVersions(store, { name, stages: fields.texts('stages') });
    return { model_versions: versions.map(describeVersion) };
  }),
  posting('/registered-models/set-tag', async ({ store, fields }) => {
    const name = fields.requiredText('name');
    const tag = { key: fields.requiredText('key'), value: fields.text('value') };
    await setRegisteredModelTag(store, { name, tag });
    return {};
  }),
  changing('DELETE', '/registered-models/delete-tag', async ({ store, fields }) => {
    const name = fields.requiredText('name');
    await deleteRegisteredModelTag(store, { name, key: fields.requiredText('key') });
    return {};
  }),
  posting('/registered-models/alias', async ({ store, fields }) => {
    const name = fields.requiredText('name');
    const alias = fields.requiredText('alias');
    await setModelAlias(store, { name, alias, version: fields.requiredText('version') });
    return {};
  }),
  changing('DELETE', '/registered-models/alias', async ({ store, fields }) => {
    const name = fields.requiredText('name');
    await deleteModelAlias(store, { name, alias: fields.requiredText('alias') });
    return {};
  }),
  reading('/registered-models/alias', async ({ store, fields }) => {
    const name = fields.requiredText('name');
    const version = await getModelVersionByAlias(store, { name, alias: fields.requiredText('alias') });
    return { model_version: describeVersion(version) };
  }),
];
