/** The list of logged models that an MLflow client searches, by its filter and by the data sets that they were measured on. */
import { AppError } from '@microtome/domain/app-error';
import { parseSearchFilter, type SearchClause } from '@microtome/domain/mlflow/search-filter';
import { LOGGED_MODEL_SEARCH } from '@microtome/domain/mlflow/search-grammar';
import { parseSearchOrder, type SearchOrder } from '@microtome/domain/mlflow/search-order';
import { Prisma } from '../../generated/prisma/client.ts';
import { describeModel, type LoggedModelRow } from './logged-models.ts';
import { getMlflowExperiment, type MlflowExperimentRow } from './mlflow-experiments.ts';
import type { ScopedStore } from './mlflow-scope.ts';
import { readPage, type SearchPage, type SearchRequest } from './search-page.ts';
import { compare, joinConditions, toMilliseconds, writeClause, writeOrder } from './search-sql.ts';

const LIMIT_MAX = 1_000;
const EXPERIMENTS_MAX = 1_000;

type DatasetFilter = { name: string; digest: string };
type Key = { kind: string; key: string };
export type LoggedModelOrder = { fieldName: string; isAscending: boolean; dataset: DatasetFilter };

const ATTRIBUTES: Record<string, Prisma.Sql> = {
  name: Prisma.sql`model.name collate "C"`,
  model_id: Prisma.sql`model.id`,
  model_type: Prisma.sql`model.model_type`,
  status: Prisma.sql`model.status`,
  source_run_id: Prisma.sql`model.source_run_id`,
  creation_timestamp: toMilliseconds(Prisma.sql`model.created_at`),
  last_updated_timestamp: toMilliseconds(Prisma.sql`model.updated_at`),
};

/** BAD_INPUT, NOT_FOUND for an experiment that is not there. */
export async function searchLoggedModels(
  store: ScopedStore,
  request: Omit<SearchRequest, 'orderBy'> & {
    experimentIds: readonly string[];
    datasets: readonly DatasetFilter[];
    orders: readonly LoggedModelOrder[];
  },
): Promise<SearchPage<LoggedModelRow>> {
  const experiments = await readExperiments(store, request.experimentIds);
  const clauses = parseSearchFilter(request.filter, LOGGED_MODEL_SEARCH);
  const where = joinConditions([
    Prisma.sql`model.deleted_at is null`,
    Prisma.sql`model.experiment_id = any(${[...experiments.keys()]}::uuid[])`,
    ...clauses.map((clause) => writeModelClause(clause, request.datasets)),
    ...writeDatasets(request.datasets),
  ]);
  const order = writeModelOrder(request.orders);
  const { prisma } = store.database;
  const page = await readPage(
    request,
    LIMIT_MAX,
    ({ limit, offset }) => prisma.$queryRaw<{ id: string }[]>`
      select model.id from logged_model model where ${where} order by ${order} limit ${limit} offset ${offset}`,
  );
  const ids = page.rows.map(({ id }) => id);
  const models = await prisma.loggedModel.findMany({
    where: { id: { in: ids } },
    include: { metrics: { orderBy: [{ at: 'asc' }, { step: 'asc' }] } },
  });
  const rows = ids.flatMap((id) => {
    const model = models.find((one) => one.id === id);
    const experiment = model && experiments.get(model.experimentId);
    return model && experiment ? [describeModel(experiment, model)] : [];
  });
  return { ...page, rows };
}

/** By the experiments' own ids. */
async function readExperiments(
  store: ScopedStore,
  experimentIds: readonly string[],
): Promise<Map<string, MlflowExperimentRow>> {
  if (experimentIds.length > EXPERIMENTS_MAX) {
    const what = `There are ${experimentIds.length} experiment_ids: at most ${EXPERIMENTS_MAX} fit.`;
    throw new AppError('BAD_INPUT', what);
  }
  const experiments = await Promise.all(
    [...new Set(experimentIds)].map((experimentId) => getMlflowExperiment(store, experimentId)),
  );
  return new Map(experiments.map((experiment) => [experiment.id, experiment]));
}

function readKey({ kind, key }: Key): Prisma.Sql {
  if (kind === 'tag') return Prisma.sql`(model.tags ->> ${key}::text)`;
  if (kind === 'parameter') return Prisma.sql`(model.params ->> ${key}::text)`;
  return ATTRIBUTES[key]!;
}

/** A number of a data set that is asked for, where some are. */
function writeModelClause(clause: SearchClause, datasets: readonly DatasetFilter[]): Prisma.Sql {
  if (clause.kind !== 'metric') return writeClause(clause, readKey);
  const comparison = compare(Prisma.sql`measured.value`, clause);
  return Prisma.sql`exists (select from logged_model_metric measured where measured.model_id = model.id
    and measured.name = ${clause.key}::text and measured.value <> 'NaN' and ${comparison}
    and ${isOfDataset(datasets)})`;
}

function writeDatasets(datasets: readonly DatasetFilter[]): Prisma.Sql[] {
  if (datasets.length === 0) return [];
  return [
    Prisma.sql`exists (select from logged_model_metric measured
      where measured.model_id = model.id and ${isOfDataset(datasets)})`,
  ];
}

function isOfDataset(datasets: readonly DatasetFilter[]): Prisma.Sql {
  if (datasets.length === 0) return Prisma.sql`true`;
  const each = datasets.map(
    ({ name, digest }) =>
      Prisma.sql`(measured.dataset_name = ${name} and (${digest} = '' or measured.dataset_digest = ${digest}))`,
  );
  return Prisma.sql`(${Prisma.join(each, ' or ')})`;
}

function writeModelOrder(orders: readonly LoggedModelOrder[]): Prisma.Sql {
  const parsed = parseSearchOrder(
    orders.map(({ fieldName, isAscending }) => `${fieldName} ${isAscending ? 'ASC' : 'DESC'}`),
    LOGGED_MODEL_SEARCH,
  );
  const read = (key: Key) => {
    if (key.kind !== 'metric') return readKey(key);
    const { dataset } = orders[parsed.indexOf(key as SearchOrder)]!;
    const datasets = dataset.name === '' ? [] : [dataset];
    return Prisma.sql`(select nullif(measured.value, 'NaN') from logged_model_metric measured
      where measured.model_id = model.id and measured.name = ${key.key}::text and ${isOfDataset(datasets)}
      order by measured.at desc, measured.step desc, measured.run_id limit 1)`;
  };
  return writeOrder(parsed, read, Prisma.sql`model.created_at desc, model.id`);
}
