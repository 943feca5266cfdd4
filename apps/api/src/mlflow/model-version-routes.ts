/** Versions of registered models of MLflow clients. */
import {
  createModelVersion,
  deleteModelVersion,
  deleteModelVersionTag,
  getModelVersion,
  setModelVersionTag,
  updateModelVersion,
} from '@microtome/store/mlflow/model-versions';
import { searchModelVersions } from '@microtome/store/mlflow/search-registry';
import { describeVersion } from './entity-json.ts';
import { changing, type MlflowRoute, posting, reading } from './mlflow-route.ts';
import type { RequestReader } from './request-reader.ts';
import { describePage, readSearch } from './search-request.ts';

const DEFAULT_PAGE = 10_000;

export const MODEL_VERSION_ROUTES: readonly MlflowRoute[] = [
  posting('/model-versions/create', async ({ store, fields }) => {
    const version = await createModelVersion(store, {
      name: fields.requiredText('name'),
      source: fields.requiredText('source'),
      runId: fields.text('run_id'),
      tags: fields.keyedTexts('tags'),
      runLink: fields.text('run_link'),
      description: fields.text('description'),
      loggedModelId: fields.text('model_id'),
    });
    return { model_version: describeVersion(version) };
  }),
  reading('/model-versions/get', async ({ store, fields }) => ({
    model_version: describeVersion(await getModelVersion(store, readKey(fields))),
  })),
  reading('/model-versions/search', async ({ store, fields }) => {
    const page = await searchModelVersions(store, readSearch(fields, DEFAULT_PAGE));
    return describePage('model_versions', page, describeVersion);
  }),
  changing('PATCH', '/model-versions/update', async ({ store, fields }) => {
    const key = readKey(fields);
    const version = await updateModelVersion(store, { ...key, description: fields.text('description') });
    return { model_version: describeVersion(version) };
  }),
  posting('/model-versions/transition-stage', async ({ store, fields }) => {
    const key = readKey(fields);
    const stage = fields.requiredText('stage');
    const archivesOthers = fields.flag('archive_existing_versions');
    const version = await updateModelVersion(store, { ...key, stage, archivesOthers });
    return { model_version: describeVersion(version) };
  }),
  changing('DELETE', '/model-versions/delete', async ({ store, fields }) => {
    await deleteModelVersion(store, readKey(fields));
    return {};
  }),
  reading('/model-versions/get-download-uri', async ({ store, fields }) => {
    const { storageLocation } = await getModelVersion(store, readKey(fields));
    return { artifact_uri: storageLocation };
  }),
  posting('/model-versions/set-tag', async ({ store, fields }) => {
    const key = readKey(fields);
    const tag = { key: fields.requiredText('key'), value: fields.text('value') };
    await setModelVersionTag(store, { ...key, tag });
    return {};
  }),
  changing('DELETE', '/model-versions/delete-tag', async ({ store, fields }) => {
    const key = readKey(fields);
    await deleteModelVersionTag(store, { ...key, key: fields.requiredText('key') });
    return {};
  }),
];

function readKey(fields: RequestReader): { name: string; version: string } {
  return { name: fields.requiredText('name'), version: fields.requiredText('version') };
}
