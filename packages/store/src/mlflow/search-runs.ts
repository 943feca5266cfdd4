/** The list of runs that an MLflow client searches: one statement finds a page, few more read what belongs to it. */
import { AppError } from '@microtome/domain/app-error';
import { DATASET_CONTEXT_TAG, RUN_NAME_TAG } from '@microtome/domain/mlflow/mlflow-words';
import { parseSearchFilter, type SearchClause, type SearchKey } from '@microtome/domain/mlflow/search-filter';
import { RUN_SEARCH } from '@microtome/domain/mlflow/search-grammar';
import { parseSearchOrder } from '@microtome/domain/mlflow/search-order';
import { Prisma } from '../../generated/prisma/client.ts';
import { DEFAULT_EXPERIMENT_ID, getDefaultExperiment, type LifecycleView } from './mlflow-experiments.ts';
import { isInScope, type ScopedStore } from './mlflow-scope.ts';
import { type MlflowRunRow, readRunRows } from './run-rows.ts';
import { readPage, type SearchPage, type SearchRequest } from './search-page.ts';
import { compare, joinConditions, toMilliseconds, writeClause, writeOrder } from './search-sql.ts';

const LIMIT_MAX = 50_000;
const EXPERIMENTS_MAX = 10_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const VIEWS: Record<LifecycleView, Prisma.Sql> = {
  ACTIVE_ONLY: Prisma.sql`run.archived_at is null`,
  DELETED_ONLY: Prisma.sql`run.archived_at is not null`,
  ALL: Prisma.sql`true`,
};
const ATTRIBUTES: Record<string, Prisma.Sql> = {
  run_id: Prisma.sql`run.id::text`,
  run_name: Prisma.sql`run.name collate "C"`,
  status: Prisma.sql`case run.status when 'QUEUED' then 'SCHEDULED' when 'SUCCEEDED' then 'FINISHED'
    when 'CANCELED' then 'KILLED' else run.status end`,
  user_id: Prisma.sql`coalesce((select value from run_label where run_id = run.id and key = 'mlflow.user'), 'unknown')`,
  artifact_uri: Prisma.sql`(select coalesce(seen.artifact_location, 'mlflow-artifacts:/' ||
      case when seen.is_default then '0' else run.experiment_id::text end) || '/' || run.id || '/artifacts'
    from experiment left join mlflow_experiment seen on seen.experiment_id = experiment.id
    where experiment.id = run.experiment_id)`,
  start_time: toMilliseconds(Prisma.sql`run.started_at`),
  end_time: toMilliseconds(Prisma.sql`run.finished_at`),
};

const MAX_VALUE = Prisma.sql`summary.max_value`;
const MIN_VALUE = Prisma.sql`summary.min_value`;

/** BAD_INPUT. Experiments that are not there hold no runs. */
export async function searchMlflowRuns(
  store: ScopedStore,
  request: SearchRequest & { experimentIds: readonly string[]; view: LifecycleView },
): Promise<SearchPage<MlflowRunRow>> {
  const clauses = parseSearchFilter(request.filter, RUN_SEARCH);
  const orders = parseSearchOrder(request.orderBy, RUN_SEARCH);
  const experimentIds = await findExperimentIds(store, request.experimentIds);
  const where = joinConditions([
    Prisma.sql`run.origin = 'EXTERNAL'`,
    Prisma.sql`run.experiment_id = any(${experimentIds}::uuid[])`,
    VIEWS[request.view],
    ...clauses.map(writeRunClause),
  ]);
  const order = writeOrder(orders, readKey, Prisma.sql`run.started_at desc nulls last, run.id`);
  const page = await readPage(
    request,
    LIMIT_MAX,
    ({ limit, offset }) => store.database.prisma.$queryRaw<{ id: string }[]>`
      select run.id from run where ${where} order by ${order} limit ${limit} offset ${offset}`,
  );
  const ids = page.rows.map(({ id }) => id);
  return { ...page, rows: await readRunRows(store, ids) };
}

/** Of the experiments that clients call by these ids, those that the asker sees. */
export async function findExperimentIds(
  store: ScopedStore,
  experimentIds: readonly string[],
): Promise<string[]> {
  if (experimentIds.length > EXPERIMENTS_MAX) {
    const what = `There are ${experimentIds.length} experiment_ids: at most ${EXPERIMENTS_MAX} fit.`;
    throw new AppError('BAD_INPUT', what);
  }
  const own = await keepSeen(
    store,
    experimentIds.filter((id) => UUID.test(id)),
  );
  if (!experimentIds.includes(DEFAULT_EXPERIMENT_ID) || store.scope.homeId === null) return own;
  return [...own, (await getDefaultExperiment(store)).id];
}

async function keepSeen({ database, scope }: ScopedStore, experimentIds: string[]): Promise<string[]> {
  if (scope.projectIds === null || experimentIds.length === 0) return experimentIds;
  const seen = await database.prisma.$queryRaw<{ id: string }[]>`
    select id from experiment where id = any(${experimentIds}::uuid[])
      and ${isInScope(scope, Prisma.sql`project_id`)}`;
  return seen.map(({ id }) => id);
}

/** What is sorted or compared by, of the run at hand. */
function readKey({ kind, key }: SearchKey): Prisma.Sql {
  if (kind === 'parameter') return Prisma.sql`(run.hyperparameters ->> ${key}::text)`;
  if (kind === 'tag') {
    if (key === RUN_NAME_TAG) return Prisma.sql`run.name`;
    return Prisma.sql`(select value from run_label where run_id = run.id and key = ${key}::text)`;
  }
  if (kind === 'attribute') return ATTRIBUTES[key]!;
  return Prisma.sql`(select nullif(last_value, 'NaN') from metric_summary
    where run_id = run.id and name = ${key}::text and owner = 'EXTERNAL')`;
}

/** The latest number lies between the ends of its series, on which there are indexes. */
function boundOfLast(clause: SearchClause): Prisma.Sql {
  const end = { '>': MAX_VALUE, '>=': MAX_VALUE, '<': MIN_VALUE, '<=': MIN_VALUE }[
    clause.comparator as string
  ];
  return end ? Prisma.sql` and ${compare(end, clause)}` : Prisma.empty;
}

function writeRunClause(clause: SearchClause): Prisma.Sql {
  if (clause.kind === 'metric') {
    // A number that is none matches no comparison.
    return Prisma.sql`exists (select from metric_summary summary where summary.run_id = run.id
      and summary.name = ${clause.key}::text and summary.owner = 'EXTERNAL' and summary.last_value <> 'NaN'
      and ${compare(Prisma.sql`summary.last_value`, clause)}${boundOfLast(clause)})`;
  }
  if (clause.kind !== 'dataset') return writeClause(clause, readKey);
  if (clause.key !== 'context') {
    const column = clause.key === 'name' ? Prisma.sql`input.name` : Prisma.sql`input.digest`;
    return Prisma.sql`exists (select from run_dataset_input input
      where input.run_id = run.id and ${compare(column, clause)})`;
  }
  return Prisma.sql`exists (select from run_dataset_input input cross join jsonb_array_elements(input.tags) tag
    where input.run_id = run.id and tag ->> 'key' = ${DATASET_CONTEXT_TAG}
      and ${compare(Prisma.sql`(tag ->> 'value')`, clause)})`;
}
