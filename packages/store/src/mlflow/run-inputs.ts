/** The data sets that a run of an MLflow client read, and the logged models that it read or made. */
import { AppError } from '@microtome/domain/app-error';
import { checkLength, type KeyedText } from '@microtome/domain/mlflow/entry-rules';
import { DATASET_CONTEXT_TAG, type ModelLinkKind } from '@microtome/domain/mlflow/mlflow-words';
import type { Store } from '../store.ts';
import { clientsIdSql } from './mlflow-experiments.ts';
import { requireActiveRun } from './mlflow-runs.ts';
import type { ScopedStore } from './mlflow-scope.ts';
import { findExperimentIds } from './search-runs.ts';

const DATASETS_MAX = 1_000;
const SUMMARIES_MAX = 1_000;
const LENGTHS_MAX = {
  name: 500,
  digest: 36,
  source_type: 500,
  source: 65_535,
  schema: 1_048_575,
  profile: 16_777_215,
};
const TAG_KEY_LENGTH_MAX = 255;
const TAG_VALUE_LENGTH_MAX = 500;

export type DatasetInput = {
  name: string;
  digest: string;
  sourceType: string;
  source: string;
  schema: string | null;
  profile: string | null;
  tags: KeyedText[];
};
export type ModelLink = { modelId: string; step: number };
type DatasetSummary = { experimentId: string; name: string; digest: string; context: string | null };

/** A data set that is known already keeps what it is. BAD_INPUT, NOT_FOUND. */
export async function logRunInputs(
  store: Store,
  {
    runId,
    datasets,
    models,
  }: { runId: string; datasets: readonly DatasetInput[]; models: readonly ModelLink[] },
): Promise<void> {
  if (datasets.length > DATASETS_MAX) {
    throw new AppError('BAD_INPUT', `${datasets.length} datasets at once: at most ${DATASETS_MAX} fit.`);
  }
  const checked = datasets.map(checkDataset);
  await requireActiveRun(store, runId);
  await store.database.prisma.runDatasetInput.createMany({
    data: checked.map((dataset) => ({ ...dataset, runId })),
    skipDuplicates: true,
  });
  await linkModels(store, { runId, kind: 'INPUT', models });
}

/** NOT_FOUND for a model that is not there. */
export async function logRunOutputs(
  store: Store,
  { runId, models }: { runId: string; models: readonly ModelLink[] },
): Promise<void> {
  await requireActiveRun(store, runId);
  await linkModels(store, { runId, kind: 'OUTPUT', models });
}

/** The data sets of these experiments, each once for each use that its runs name. */
export async function listDatasetSummaries(
  store: ScopedStore,
  experimentIds: readonly string[],
): Promise<DatasetSummary[]> {
  const ids = await findExperimentIds(store, experimentIds);
  return store.database.prisma.$queryRaw<DatasetSummary[]>`
    select distinct ${clientsIdSql(store)} as "experimentId",
      input.name, input.digest, tag ->> 'value' as context
    from run_dataset_input input join run on run.id = input.run_id
      join experiment on experiment.id = run.experiment_id
      left join mlflow_experiment seen on seen.experiment_id = run.experiment_id
      left join lateral (select one as tag from jsonb_array_elements(input.tags) one
        where one ->> 'key' = ${DATASET_CONTEXT_TAG}) named on true
    where run.experiment_id = any(${ids}::uuid[]) order by 1, 2, 3, 4 limit ${SUMMARIES_MAX}`;
}

async function linkModels(
  store: Store,
  { runId, kind, models }: { runId: string; kind: ModelLinkKind; models: readonly ModelLink[] },
): Promise<void> {
  if (models.length === 0) return;
  const { prisma } = store.database;
  const ids = models.map(({ modelId }) => modelId);
  const known = await prisma.loggedModel.findMany({ where: { id: { in: ids } }, select: { id: true } });
  const unknown = ids.find((modelId) => !known.some(({ id }) => id === modelId));
  if (unknown !== undefined) throw new AppError('NOT_FOUND', `Logged model with ID '${unknown}' not found.`);
  await prisma.runModelLink.createMany({
    data: models.map((model) => ({ ...model, runId, kind })),
    skipDuplicates: true,
  });
}

function checkDataset(dataset: DatasetInput): DatasetInput {
  checkLength(dataset.name, 'name', LENGTHS_MAX.name);
  checkLength(dataset.digest, 'digest', LENGTHS_MAX.digest);
  checkLength(dataset.sourceType, 'source_type', LENGTHS_MAX.source_type);
  checkLength(dataset.source, 'source', LENGTHS_MAX.source);
  checkLength(dataset.schema ?? '', 'schema', LENGTHS_MAX.schema);
  checkLength(dataset.profile ?? '', 'profile', LENGTHS_MAX.profile);
  for (const { key, value } of dataset.tags) {
    checkLength(key, 'key', TAG_KEY_LENGTH_MAX);
    checkLength(value, 'value', TAG_VALUE_LENGTH_MAX);
  }
  return dataset;
}
