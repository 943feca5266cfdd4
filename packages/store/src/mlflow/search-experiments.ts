/** The list of experiments that an MLflow client searches. */
import { parseSearchFilter } from '@microtome/domain/mlflow/search-filter';
import { EXPERIMENT_SEARCH } from '@microtome/domain/mlflow/search-grammar';
import { parseSearchOrder } from '@microtome/domain/mlflow/search-order';
import { Prisma } from '../../generated/prisma/client.ts';
import {
  EXPERIMENTS_SEEN,
  experimentColumns,
  getDefaultExperiment,
  IS_SEEN,
  type LifecycleView,
  type MlflowExperimentRow,
  PROJECT_COLUMN,
} from './mlflow-experiments.ts';
import { isInScope, type ScopedStore } from './mlflow-scope.ts';
import { readPage, type SearchPage, type SearchRequest } from './search-page.ts';
import { joinConditions, toMilliseconds, writeClause, writeOrder } from './search-sql.ts';

const LIMIT_MAX = 50_000;
const VIEWS: Record<LifecycleView, Prisma.Sql> = {
  ACTIVE_ONLY: Prisma.sql`seen.deleted_at is null`,
  DELETED_ONLY: Prisma.sql`seen.deleted_at is not null`,
  ALL: Prisma.sql`true`,
};
const ATTRIBUTES: Record<string, Prisma.Sql> = {
  name: Prisma.sql`experiment.name collate "C"`,
  experiment_id: Prisma.sql`experiment.id`,
  creation_time: toMilliseconds(Prisma.sql`experiment.created_at`),
  last_update_time: toMilliseconds(Prisma.sql`coalesce(seen.updated_at, experiment.created_at)`),
};

/** BAD_INPUT */
export async function searchMlflowExperiments(
  store: ScopedStore,
  request: SearchRequest & { view: LifecycleView },
): Promise<SearchPage<MlflowExperimentRow>> {
  const clauses = parseSearchFilter(request.filter, EXPERIMENT_SEARCH);
  const orders = parseSearchOrder(request.orderBy, EXPERIMENT_SEARCH);
  const read = ({ kind, key }: { kind: string; key: string }) =>
    kind === 'tag' ? Prisma.sql`(seen.tags ->> ${key}::text)` : ATTRIBUTES[key]!;
  const where = joinConditions([
    IS_SEEN,
    isInScope(store.scope, PROJECT_COLUMN),
    VIEWS[request.view],
    ...clauses.map((clause) => writeClause(clause, read)),
  ]);
  const order = writeOrder(orders, read, Prisma.sql`experiment.created_at desc, experiment.id desc`);
  if (store.scope.homeId !== null) await getDefaultExperiment(store);
  return readPage(
    request,
    LIMIT_MAX,
    ({ limit, offset }) => store.database.prisma.$queryRaw<MlflowExperimentRow[]>`
      select ${experimentColumns(store)} from ${EXPERIMENTS_SEEN} where ${where}
      order by ${order} limit ${limit} offset ${offset}`,
  );
}
