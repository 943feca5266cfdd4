/** Experiments of MLflow clients: create, find, rename, tag, delete and restore. */
import { refuseValue } from '@microtome/domain/mlflow/entry-rules';
import {
  createMlflowExperiment,
  deleteExperimentTag,
  getMlflowExperiment,
  getMlflowExperimentByName,
  type LifecycleView,
  renameExperiment,
  setExperimentDeleted,
  setExperimentTag,
} from '@microtome/store/mlflow/mlflow-experiments';
import { searchMlflowExperiments } from '@microtome/store/mlflow/search-experiments';
import { describeExperiment } from './entity-json.ts';
import { type MlflowRoute, posting, reading, searching } from './mlflow-route.ts';
import type { RequestReader } from './request-reader.ts';
import { describePage, readSearch } from './search-request.ts';

const DEFAULT_PAGE = 1_000;
const VIEWS: Record<string, LifecycleView> = {
  ACTIVE_ONLY: 'ACTIVE_ONLY',
  DELETED_ONLY: 'DELETED_ONLY',
  ALL: 'ALL',
  1: 'ACTIVE_ONLY',
  2: 'DELETED_ONLY',
  3: 'ALL',
};

export const EXPERIMENT_ROUTES: readonly MlflowRoute[] = [
  posting('/experiments/create', async ({ store, fields }) => {
    const name = fields.requiredText('name');
    const artifactLocation = fields.text('artifact_location');
    const tags = fields.keyedTexts('tags');
    const { experimentId } = await createMlflowExperiment(store, { name, artifactLocation, tags });
    return { experiment_id: experimentId };
  }),
  reading('/experiments/get', async ({ store, fields }) => ({
    experiment: describeExperiment(await getMlflowExperiment(store, fields.requiredText('experiment_id'))),
  })),
  reading('/experiments/get-by-name', async ({ store, fields }) => ({
    experiment: describeExperiment(
      await getMlflowExperimentByName(store, fields.requiredText('experiment_name')),
    ),
  })),
  searching('/experiments/search', async ({ store, fields }) => {
    const view = readView(fields, 'view_type');
    const page = await searchMlflowExperiments(store, { ...readSearch(fields, DEFAULT_PAGE), view });
    return describePage('experiments', page, describeExperiment);
  }),
  posting('/experiments/delete', async ({ store, fields }) => {
    await setExperimentDeleted(store, {
      experimentId: fields.requiredText('experiment_id'),
      isDeleted: true,
    });
    return {};
  }),
  posting('/experiments/restore', async ({ store, fields }) => {
    await setExperimentDeleted(store, {
      experimentId: fields.requiredText('experiment_id'),
      isDeleted: false,
    });
    return {};
  }),
  posting('/experiments/update', async ({ store, fields }) => {
    const experimentId = fields.requiredText('experiment_id');
    await renameExperiment(store, { experimentId, name: fields.requiredText('new_name') });
    return {};
  }),
  posting('/experiments/set-experiment-tag', async ({ store, fields }) => {
    const experimentId = fields.requiredText('experiment_id');
    const tag = { key: fields.requiredText('key'), value: fields.text('value') };
    await setExperimentTag(store, { experimentId, tag });
    return {};
  }),
  posting('/experiments/delete-experiment-tag', async ({ store, fields }) => {
    const experimentId = fields.requiredText('experiment_id');
    await deleteExperimentTag(store, { experimentId, key: fields.requiredText('key') });
    return {};
  }),
];

/** Active ones when left out. BAD_INPUT for a word that is none of the three. */
export function readView(fields: RequestReader, name: string): LifecycleView {
  if (!fields.has(name)) return 'ACTIVE_ONLY';
  const given = String(fields.isText(name) ? fields.text(name) : fields.integer(name));
  return (Object.hasOwn(VIEWS, given) && VIEWS[given]) || refuseValue(name, given);
}
