/** The list of runs that an MLflow client searches: one statement finds a page of them and tells the revision of each. */
import { AppError } from '@microtome/domain/app-error';
import { DATASET_CONTEXT_TAG, RUN_NAME_TAG } from '@microtome/domain/mlflow/mlflow-words';
import { parseSearchFilter, type SearchClause, type SearchKey } from '@microtome/domain/mlflow/search-filter';
import { RUN_SEARCH } from '@microtome/domain/mlflow/search-grammar';
import { parseSearchOrder, type SearchOrder } from '@microtome/domain/mlflow/search-order';
import { Prisma } from '../../generated/prisma/client.ts';
import { limitToPage, selectPrepared } from '../database/select-rows.ts';
import { askRevisions, type RevisedRun } from '../run/run-revision.ts';
import { DEFAULT_EXPERIMENT_ID, getDefaultExperiment, type LifecycleView } from './mlflow-experiments.ts';
import { isInScope, type ScopedStore } from './mlflow-scope.ts';
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

const NEWEST_FIRST = Prisma.sql`run.started_at desc nulls last, run.id`;

/** Of a series, as it is indexed. A number that is none matches no comparison. */
const LATEST = Prisma.sql`nullif(last_value, 'NaN'::float8)`;

/** All runs of a page in one row, in their order: a thousand rows cost more to take apart than to find. Without runs all is null. */
type PageRow = { ids: string | null; revisions: string | null; state: string | null };
type Place = { limit: number; offset: number };
type ReadOrder = { from: Prisma.Sql; clauses: readonly SearchClause[]; order: Prisma.Sql };

/** BAD_INPUT. Experiments that are not there hold no runs. */
export async function searchMlflowRuns(
  store: ScopedStore,
  request: SearchRequest & { experimentIds: readonly string[]; view: LifecycleView },
): Promise<SearchPage<RevisedRun>> {
  const clauses = parseSearchFilter(request.filter, RUN_SEARCH);
  const orders = parseSearchOrder(request.orderBy, RUN_SEARCH);
  const experimentIds = await findExperimentIds(store, request.experimentIds);
  const own = joinConditions([
    Prisma.sql`run.origin = 'EXTERNAL'`,
    Prisma.sql`run.experiment_id = any(${experimentIds}::uuid[])`,
    VIEWS[request.view],
  ]);
  const revisions = askRevisions(store);
  const read = async ({ from, clauses: asked, order }: ReadOrder, { limit, offset }: Place) => {
    const [page] = await selectPrepared<PageRow>(
      store,
      Prisma.sql`select string_agg(id, ',') as ids, string_agg(revision, ',') as revisions, min(state) as state from (
        select run.id::text as id, ${revisions.columns} from ${from} where ${joinConditions([own, ...asked.map(writeRunClause)])}
        order by ${order} ${limitToPage(limit - 1, offset)}) as page`,
    );
    return readRuns(page, revisions);
  };
  const quick = beginWithMetric(clauses, orders);
  return readPage(request, LIMIT_MAX, async (place) => {
    const first = quick ? await read(quick, place) : [];
    if (quick?.hasAll || first.length === place.limit) return first;
    return read({ clauses, from: Prisma.sql`run`, order: writeOrder(orders, readKey, NEWEST_FIRST) }, place);
  });
}

/** A statement tells the revisions of all its runs or of none. */
function readRuns(page: PageRow | undefined, revisions: ReturnType<typeof askRevisions>): RevisedRun[] {
  if (!page?.ids) return [];
  const { state } = page;
  const told = page.revisions?.split(',');
  return page.ids
    .split(',')
    .map((id, at) => ({ id, ...revisions.read({ revision: told?.[at] ?? null, state }) }));
}

/**
 * The runs in the order of the latest numbers of a series, where an index gives them: the first of many runs are found without a
 * look at the others. Runs without such a number are not among them, and come after all that have one.
 */
function beginWithMetric(
  clauses: readonly SearchClause[],
  [first, ...rest]: readonly SearchOrder[],
): (ReadOrder & { hasAll: boolean }) | null {
  if (first?.kind !== 'metric') return null;
  const isOfFirst = ({ kind, key }: SearchClause) => kind === 'metric' && key === first.key;
  const ofFirst = clauses.filter(isOfFirst);
  const kept = joinConditions([
    Prisma.sql`name = ${first.key}::text and owner = 'EXTERNAL' and ${LATEST} is not null`,
    ...ofFirst.map((clause) => compare(LATEST, clause)),
  ]);
  const direction = first.isAscending ? Prisma.sql`asc` : Prisma.sql`desc`;
  return {
    from: Prisma.sql`(select run_id, ${LATEST} as value from metric_summary where ${kept}) kept join run on run.id = kept.run_id`,
    clauses: clauses.filter((clause) => !isOfFirst(clause)),
    order: Prisma.sql`kept.value ${direction}, ${writeOrder(rest, readKey, NEWEST_FIRST)}`,
    hasAll: ofFirst.length > 0,
  };
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
  return Prisma.sql`(select ${LATEST} from metric_summary
    where run_id = run.id and name = ${key}::text and owner = 'EXTERNAL')`;
}

function writeRunClause(clause: SearchClause): Prisma.Sql {
  if (clause.kind === 'metric') {
    return Prisma.sql`exists (select from metric_summary where run_id = run.id
      and name = ${clause.key}::text and owner = 'EXTERNAL' and ${compare(LATEST, clause)})`;
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
