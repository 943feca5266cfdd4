/** The lists of registered models and of their versions that an MLflow client searches. */
import { parseSearchFilter } from '@microtome/domain/mlflow/search-filter';
import { MODEL_SEARCH, VERSION_SEARCH } from '@microtome/domain/mlflow/search-grammar';
import { parseSearchOrder } from '@microtome/domain/mlflow/search-order';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';
import { isInScope, type ScopedStore } from './mlflow-scope.ts';
import { type NamedVersion, nameVersion } from './model-versions.ts';
import { completeModels, type RegisteredModel } from './registered-models.ts';
import { readPage, type SearchPage, type SearchRequest } from './search-page.ts';
import { joinConditions, toMilliseconds, writeClause, writeOrder } from './search-sql.ts';

const MODELS_MAX = 1_000;
const VERSIONS_MAX = 200_000;

const MODEL_ATTRIBUTES: Record<string, Prisma.Sql> = {
  name: Prisma.sql`model.name collate "C"`,
  last_updated_timestamp: toMilliseconds(Prisma.sql`model.updated_at`),
};
const VERSION_ATTRIBUTES: Record<string, Prisma.Sql> = {
  name: Prisma.sql`model.name collate "C"`,
  version_number: Prisma.sql`version.number`,
  run_id: Prisma.sql`version.run_id`,
  source_path: Prisma.sql`version.source`,
  creation_timestamp: toMilliseconds(Prisma.sql`version.created_at`),
  last_updated_timestamp: toMilliseconds(Prisma.sql`version.updated_at`),
};

type Key = { kind: string; key: string };

/** BAD_INPUT */
export async function searchRegisteredModels(
  store: ScopedStore,
  request: SearchRequest,
): Promise<SearchPage<RegisteredModel>> {
  const clauses = parseSearchFilter(request.filter, MODEL_SEARCH);
  const orders = parseSearchOrder(request.orderBy, MODEL_SEARCH);
  const read = ({ kind, key }: Key) =>
    kind === 'tag' ? Prisma.sql`(model.tags ->> ${key}::text)` : MODEL_ATTRIBUTES[key]!;
  const where = joinConditions([
    isInScope(store.scope, Prisma.sql`model.project_id`),
    ...clauses.map((clause) => writeClause(clause, read)),
  ]);
  const order = writeOrder(orders, read, Prisma.sql`model.name`);
  const { prisma } = store.database;
  const page = await readPage(
    request,
    MODELS_MAX,
    ({ limit, offset }) => prisma.$queryRaw<{ id: string }[]>`
      select model.id from mlflow_model model where ${where} order by ${order} limit ${limit} offset ${offset}`,
  );
  const ids = page.rows.map(({ id }) => id);
  const models = new Map(
    (await prisma.mlflowModel.findMany({ where: { id: { in: ids } } })).map((model) => [model.id, model]),
  );
  const found = ids.flatMap((id) => models.get(id) ?? []);
  return { ...page, rows: await completeModels(prisma, found) };
}

/** BAD_INPUT */
export async function searchModelVersions(
  store: ScopedStore,
  request: SearchRequest,
): Promise<SearchPage<NamedVersion>> {
  const clauses = parseSearchFilter(request.filter, VERSION_SEARCH);
  const orders = parseSearchOrder(request.orderBy, VERSION_SEARCH);
  const read = ({ kind, key }: Key) =>
    kind === 'tag' ? Prisma.sql`(version.tags ->> ${key}::text)` : VERSION_ATTRIBUTES[key]!;
  const where = joinConditions([
    isInScope(store.scope, Prisma.sql`model.project_id`),
    ...clauses.map((clause) => writeClause(clause, read)),
  ]);
  const order = writeOrder(
    orders,
    read,
    Prisma.sql`version.updated_at desc, model.name, version.number desc`,
  );
  const { prisma } = store.database;
  const page = await readPage(
    request,
    VERSIONS_MAX,
    ({ limit, offset }) => prisma.$queryRaw<{ modelId: string; number: number }[]>`
      select version.model_id as "modelId", version.number
      from mlflow_version version join mlflow_model model on model.id = version.model_id
      where ${where} order by ${order} limit ${limit} offset ${offset}`,
  );
  return { ...page, rows: await readVersions(store, page.rows) };
}

async function readVersions(
  { database: { prisma } }: Store,
  keys: readonly { modelId: string; number: number }[],
): Promise<NamedVersion[]> {
  if (keys.length === 0) return [];
  const versions = await prisma.mlflowVersion.findMany({
    where: { OR: keys.map(({ modelId, number }) => ({ modelId, number })) },
    include: { model: true },
  });
  const found = keys.flatMap(
    (key) => versions.find(({ modelId, number }) => modelId === key.modelId && number === key.number) ?? [],
  );
  return Promise.all(found.map(({ model, ...version }) => nameVersion(prisma, model, version)));
}
