/**
 * The registry of MLflow clients: names of a project with tags, versions and aliases. It has no gate. Where a model with a gate
 * has the same name there, its alias `champion` is read from there, and moved by its gate alone.
 */
import { AppError } from '@microtome/domain/app-error';
import {
  checkModelName,
  checkRegistryTag,
  type KeyedText,
  toTextByKey,
} from '@microtome/domain/mlflow/entry-rules';
import { CHAMPION } from '@microtome/domain/promotion/promotion-act';
import type { MlflowAlias, MlflowModel, MlflowVersion } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database/database.ts';
import type { Store } from '../store.ts';
import { refuseForbidden, rethrowAsTaken } from './mlflow-refusals.ts';
import { inScope, requireHome, type ScopedStore } from './mlflow-scope.ts';

const DESCRIPTION_LENGTH_MAX = 100_000;

type NamedAlias = Pick<MlflowAlias, 'name' | 'number'>;
export type RegisteredModel = MlflowModel & {
  /** The newest of each stage. */
  latest: MlflowVersion[];
  aliases: NamedAlias[];
};
type Prisma = Pick<Transaction, 'mlflowModel' | 'mlflowVersion' | 'model'>;

/** CONFLICT when the name is taken. */
export async function createRegisteredModel(
  store: ScopedStore,
  { name, description, tags }: { name: string; description: string; tags: readonly KeyedText[] },
): Promise<RegisteredModel> {
  const data = {
    name: checkModelName(name),
    projectId: requireHome(store.scope),
    description: checkDescription(description),
    tags: toTextByKey(tags.map(checkRegistryTag)),
  };
  const model = await store.database.prisma.mlflowModel
    .create({ data })
    .catch((error: unknown) => rethrowAsTaken(error, `Registered Model (name=${name}) already exists.`));
  return completeModel(store.database.prisma, model);
}

export async function getRegisteredModel(store: ScopedStore, name: string): Promise<RegisteredModel> {
  const model = await findModel(store.database.prisma, store.scope, name);
  return completeModel(store.database.prisma, model);
}

/** What is left out stays. */
export async function updateRegisteredModel(
  store: ScopedStore,
  { name, newName, description }: { name: string; newName?: string; description?: string },
): Promise<RegisteredModel> {
  const { prisma } = store.database;
  const { id } = await findModel(prisma, store.scope, name);
  const data = {
    ...(newName === undefined ? {} : { name: checkModelName(newName) }),
    ...(description === undefined ? {} : { description: checkDescription(description) }),
    updatedAt: new Date(),
  };
  const [updated] = await prisma.mlflowModel
    .updateManyAndReturn({ where: { id }, data })
    .catch((error: unknown) => rethrowAsTaken(error, `Registered Model (name=${newName}) already exists.`));
  if (!updated) throw noRegisteredModel(name);
  return completeModel(prisma, updated);
}

/** With its versions. A model of ours of that name, and what its gate decided, stays. */
export async function deleteRegisteredModel(store: ScopedStore, name: string): Promise<void> {
  const { id } = await findModel(store.database.prisma, store.scope, name);
  await store.database.prisma.mlflowModel.deleteMany({ where: { id } });
}

export async function setRegisteredModelTag(
  store: ScopedStore,
  { name, tag }: { name: string; tag: KeyedText },
): Promise<void> {
  const { key, value } = checkRegistryTag(tag);
  const { id } = await findModel(store.database.prisma, store.scope, name);
  await store.database.prisma.$executeRaw`
    update mlflow_model set tags = tags || jsonb_build_object(${key}::text, ${value}::text) where id = ${id}::uuid`;
}

/** Nothing happens where there is no such tag, as with MLflow. */
export async function deleteRegisteredModelTag(
  store: ScopedStore,
  { name, key }: { name: string; key: string },
): Promise<void> {
  const { id } = await findModel(store.database.prisma, store.scope, name);
  await store.database.prisma
    .$executeRaw`update mlflow_model set tags = tags - ${key}::text where id = ${id}::uuid`;
}

/** The one at home before others, then the oldest. NOT_FOUND when none is seen. */
export async function findModel(
  prisma: Pick<Transaction, 'mlflowModel'>,
  scope: ScopedStore['scope'],
  typedName: string,
): Promise<MlflowModel> {
  const name = checkModelName(typedName);
  const found = await prisma.mlflowModel.findMany({
    where: { name, ...inScope(scope) },
    orderBy: { createdAt: 'asc' },
  });
  const model = found.find(({ projectId }) => projectId === scope.homeId) ?? found[0];
  if (!model) throw noRegisteredModel(name);
  return model;
}

/** Name → the projects that have a model of that name. */
export async function listModelProjects(
  { database: { prisma } }: Store,
  names: readonly string[],
): Promise<Map<string, string[]>> {
  if (names.length === 0) return new Map();
  const models = await prisma.mlflowModel.findMany({
    where: { name: { in: [...names] } },
    select: { name: true, projectId: true },
  });
  const byName = Map.groupBy(models, ({ name }) => name);
  return new Map([...byName].map(([name, own]) => [name, own.map(({ projectId }) => projectId)]));
}

/** The version that the gate of the model of that name has put in use, where this registry has it; null for none. */
export async function findGatedChampion(prisma: Prisma, model: MlflowModel): Promise<number | null> {
  const gated = await prisma.model.findFirst({
    where: { name: model.name, projectId: model.projectId },
    select: {
      aliases: { where: { name: CHAMPION }, select: { promotion: { select: { versionId: true } } } },
      versions: { select: { id: true, runId: true } },
    },
  });
  const championId = gated?.aliases[0]?.promotion.versionId;
  const champion = gated?.versions.find(({ id }) => id === championId);
  if (!champion) return null;
  const version = await prisma.mlflowVersion.findFirst({
    where: { modelId: model.id, runId: champion.runId },
    orderBy: { number: 'desc' },
    select: { number: true },
  });
  return version?.number ?? null;
}

/** FORBIDDEN for the champion of a model that has a gate. */
export async function refuseGatedAlias(prisma: Prisma, model: MlflowModel, alias: string): Promise<void> {
  if (alias.toLowerCase() !== CHAMPION) return;
  const { name, projectId } = model;
  const gated = await prisma.model.findFirst({ where: { name, projectId }, select: { id: true } });
  if (!gated) return;
  refuseForbidden(
    `The alias '${alias}' of model '${model.name}' is moved by its gate alone: promote a version of it, and the alias follows.`,
  );
}

/** With the newest version of each stage and with its aliases, the gate's among them. */
async function completeModel(prisma: Prisma & Pick<Transaction, 'mlflowAlias'>, model: MlflowModel) {
  const [completed] = await completeModels(prisma, [model]);
  return completed!;
}

export async function completeModels(
  prisma: Prisma & Pick<Transaction, 'mlflowAlias'>,
  models: readonly MlflowModel[],
): Promise<RegisteredModel[]> {
  const modelIds = models.map(({ id }) => id);
  const [latest, aliases] = await Promise.all([
    prisma.mlflowVersion.findMany({
      where: { modelId: { in: modelIds } },
      distinct: ['modelId', 'stage'],
      orderBy: [{ modelId: 'asc' }, { stage: 'asc' }, { number: 'desc' }],
    }),
    prisma.mlflowAlias.findMany({ where: { modelId: { in: modelIds } }, orderBy: { name: 'asc' } }),
  ]);
  return Promise.all(
    models.map(async (model) => ({
      ...model,
      latest: latest.filter(({ modelId }) => modelId === model.id),
      aliases: withChampion(
        aliases.filter(({ modelId }) => modelId === model.id),
        await findGatedChampion(prisma, model),
      ),
    })),
  );
}

function withChampion(aliases: readonly NamedAlias[], champion: number | null): NamedAlias[] {
  if (champion === null) return [...aliases];
  return [...aliases.filter(({ name }) => name !== CHAMPION), { name: CHAMPION, number: champion }];
}

export function checkDescription(description: string): string {
  if (description.length <= DESCRIPTION_LENGTH_MAX) return description;
  throw new AppError(
    'BAD_INPUT',
    `The description has ${description.length} characters: at most ${DESCRIPTION_LENGTH_MAX} fit.`,
  );
}

export function noRegisteredModel(name: string): AppError {
  return new AppError('NOT_FOUND', `Registered Model with name=${name} not found`);
}
