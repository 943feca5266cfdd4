/** Versions of registered models: numbered from 1 under the model's lock, with a stage, tags and the aliases that name them. */
import { AppError } from '@microtome/domain/app-error';
import {
  checkAliasName,
  checkRegistryTag,
  type KeyedText,
  toTextByKey,
} from '@microtome/domain/mlflow/entry-rules';
import { MODEL_STAGES, type ModelStage } from '@microtome/domain/mlflow/mlflow-words';
import { checkVersionSource, findSourceModelId } from '@microtome/domain/mlflow/version-source';
import { CHAMPION } from '@microtome/domain/promotion/promotion-act';
import type { MlflowModel, MlflowVersion } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database/database.ts';
import { getLoggedModel, noteModelVersion } from './logged-models.ts';
import type { ScopedStore } from './mlflow-scope.ts';
import { checkDescription, findGatedChampion, findModel, refuseGatedAlias } from './registered-models.ts';

/** PostgreSQL's largest whole number. */
const NUMBER_MAX = 2 ** 31 - 1;

export type NamedVersion = MlflowVersion & { name: string; aliases: string[] };

type NewVersion = {
  name: string;
  source: string;
  runId: string;
  loggedModelId: string;
  runLink: string;
  description: string;
  tags: readonly KeyedText[];
};

/** BAD_INPUT for a source that must not be opened, NOT_FOUND. */
export async function createModelVersion(store: ScopedStore, request: NewVersion): Promise<NamedVersion> {
  const source = checkVersionSource(request.source);
  const tags = toTextByKey(request.tags.map(checkRegistryTag));
  const named = request.loggedModelId || findSourceModelId(source) || '';
  const logged = named === '' ? null : await getLoggedModel(store, named);
  const description = checkDescription(request.description);
  const data = {
    source,
    storageLocation: logged && findSourceModelId(source) ? logged.artifactUri : source,
    runId: request.runId || logged?.sourceRunId || '',
    loggedModelId: named,
    runLink: request.runLink,
    description,
    tags,
  };
  return store.database.prisma.$transaction(async (tx) => {
    const model = await lockModel(tx, store.scope, request.name);
    const { _max } = await tx.mlflowVersion.aggregate({
      where: { modelId: model.id },
      _max: { number: true },
    });
    const number = (_max.number ?? 0) + 1;
    const version = await tx.mlflowVersion.create({ data: { ...data, modelId: model.id, number } });
    await tx.mlflowModel.update({ where: { id: model.id }, data: { updatedAt: version.createdAt } });
    if (logged) await noteModelVersion(tx, { modelId: logged.id, name: model.name, number });
    return { ...version, name: model.name, aliases: [] };
  });
}

export async function getModelVersion(
  store: ScopedStore,
  { name, version }: { name: string; version: string },
): Promise<NamedVersion> {
  const { prisma } = store.database;
  const model = await findModel(prisma, store.scope, name);
  return nameVersion(prisma, model, await findVersion(prisma, { model, number: parseNumber(version) }));
}

/** Changes the description or the stage; others in that stage may be archived with it. */
export async function updateModelVersion(
  store: ScopedStore,
  request: { name: string; version: string; description?: string; stage?: string; archivesOthers?: boolean },
): Promise<NamedVersion> {
  const { description, archivesOthers = false } = request;
  const stage = request.stage === undefined ? undefined : parseStage(request.stage);
  if (archivesOthers && (stage === 'None' || stage === 'Archived')) {
    throw new AppError(
      'BAD_INPUT',
      `Model version transition cannot archive existing model versions because '${request.stage}' is not an Active stage. Valid stages are ['Staging', 'Production']`,
    );
  }
  const number = parseNumber(request.version);
  return store.database.prisma.$transaction(async (tx) => {
    const model = await lockModel(tx, store.scope, request.name);
    await findVersion(tx, { model, number });
    const updatedAt = new Date();
    if (archivesOthers && stage) {
      await tx.mlflowVersion.updateMany({
        where: { modelId: model.id, stage, number: { not: number } },
        data: { stage: 'Archived', updatedAt },
      });
    }
    const version = await tx.mlflowVersion.update({
      where: { modelId_number: { modelId: model.id, number } },
      data: {
        updatedAt,
        ...(stage === undefined ? {} : { stage }),
        ...(description === undefined ? {} : { description: checkDescription(description) }),
      },
    });
    await tx.mlflowModel.update({ where: { id: model.id }, data: { updatedAt } });
    return nameVersion(tx, model, version);
  });
}

/** Its number is not given again while a later version is there. */
export async function deleteModelVersion(
  store: ScopedStore,
  { name, version }: { name: string; version: string },
): Promise<void> {
  const { prisma } = store.database;
  const model = await findModel(prisma, store.scope, name);
  const { number } = await findVersion(prisma, { model, number: parseNumber(version) });
  await prisma.mlflowVersion.deleteMany({ where: { modelId: model.id, number } });
}

export async function setModelVersionTag(
  store: ScopedStore,
  { name, version, tag }: { name: string; version: string; tag: KeyedText },
): Promise<void> {
  const { key, value } = checkRegistryTag(tag);
  const { prisma } = store.database;
  const model = await findModel(prisma, store.scope, name);
  const { number } = await findVersion(prisma, { model, number: parseNumber(version) });
  await prisma.$executeRaw`
    update mlflow_version set tags = tags || jsonb_build_object(${key}::text, ${value}::text)
    where model_id = ${model.id}::uuid and number = ${number}`;
}

export async function deleteModelVersionTag(
  store: ScopedStore,
  { name, version, key }: { name: string; version: string; key: string },
): Promise<void> {
  const { prisma } = store.database;
  const model = await findModel(prisma, store.scope, name);
  const { number } = await findVersion(prisma, { model, number: parseNumber(version) });
  await prisma.$executeRaw`
    update mlflow_version set tags = tags - ${key}::text where model_id = ${model.id}::uuid and number = ${number}`;
}

/** FORBIDDEN for the champion of a model that has a gate. */
export async function setModelAlias(
  store: ScopedStore,
  request: { name: string; alias: string; version: string },
): Promise<void> {
  const alias = checkAliasName(request.alias);
  const number = parseNumber(request.version);
  await store.database.prisma.$transaction(async (tx) => {
    const model = await lockModel(tx, store.scope, request.name);
    await refuseGatedAlias(tx, model, alias);
    await findVersion(tx, { model, number });
    const place = { modelId: model.id, name: alias };
    await tx.mlflowAlias.upsert({
      where: { modelId_name: place },
      create: { ...place, number },
      update: { number },
    });
  });
}

/** Nothing happens where there is no such alias, as with MLflow. */
export async function deleteModelAlias(
  store: ScopedStore,
  request: { name: string; alias: string },
): Promise<void> {
  const { prisma } = store.database;
  const model = await findModel(prisma, store.scope, request.name);
  await refuseGatedAlias(prisma, model, request.alias);
  await prisma.mlflowAlias.deleteMany({ where: { modelId: model.id, name: request.alias } });
}

export async function getModelVersionByAlias(
  store: ScopedStore,
  { name, alias }: { name: string; alias: string },
): Promise<NamedVersion> {
  const { prisma } = store.database;
  const model = await findModel(prisma, store.scope, name);
  const number = (alias === CHAMPION ? await findGatedChampion(prisma, model) : null) ?? (await findOwn());
  return nameVersion(prisma, model, await findVersion(prisma, { model, number }));

  async function findOwn(): Promise<number> {
    const found =
      alias.toLowerCase() === 'latest'
        ? await prisma.mlflowVersion.findFirst({ where: { modelId: model.id }, orderBy: { number: 'desc' } })
        : await prisma.mlflowAlias.findUnique({
            where: { modelId_name: { modelId: model.id, name: alias } },
          });
    if (!found) throw new AppError('BAD_INPUT', `Registered model alias ${alias} not found.`);
    return found.number;
  }
}

/** The newest of each of these stages; of all of them when none is named. */
export async function listLatestVersions(
  store: ScopedStore,
  { name, stages }: { name: string; stages: readonly string[] },
): Promise<NamedVersion[]> {
  const { prisma } = store.database;
  const wanted = stages.length > 0 ? stages.map(parseStage) : [...MODEL_STAGES];
  const model = await findModel(prisma, store.scope, name);
  const versions = await prisma.mlflowVersion.findMany({
    where: { modelId: model.id, stage: { in: wanted } },
    distinct: ['stage'],
    orderBy: [{ stage: 'asc' }, { number: 'desc' }],
  });
  return Promise.all(versions.map((version) => nameVersion(prisma, model, version)));
}

type Reader = Pick<Transaction, 'mlflowModel' | 'mlflowVersion' | 'mlflowAlias' | 'model'>;

export async function nameVersion(
  prisma: Reader,
  model: MlflowModel,
  version: MlflowVersion,
): Promise<NamedVersion> {
  const { number } = version;
  const aliases = await prisma.mlflowAlias.findMany({
    where: { modelId: model.id, number },
    orderBy: { name: 'asc' },
  });
  const own = aliases.map(({ name }) => name);
  const champion = await findGatedChampion(prisma, model);
  const names = champion === null ? own : own.filter((name) => name !== CHAMPION);
  return { ...version, name: model.name, aliases: champion === number ? [...names, CHAMPION] : names };
}

async function lockModel(tx: Transaction, scope: ScopedStore['scope'], name: string): Promise<MlflowModel> {
  const { id } = await findModel(tx, scope, name);
  await tx.$queryRaw`select from mlflow_model where id = ${id}::uuid for update`;
  return findModel(tx, scope, name);
}

async function findVersion(
  prisma: Pick<Transaction, 'mlflowVersion'>,
  { model, number }: { model: MlflowModel; number: number },
): Promise<MlflowVersion> {
  const version =
    number <= NUMBER_MAX &&
    (await prisma.mlflowVersion.findUnique({ where: { modelId_number: { modelId: model.id, number } } }));
  if (version) return version;
  throw new AppError('NOT_FOUND', `Model Version (name=${model.name}, version=${number}) not found`);
}

function parseNumber(version: string): number {
  if (!/^\d{1,15}$/.test(version)) {
    throw new AppError('BAD_INPUT', `Parameter 'version' must be an integer, got '${version}'.`);
  }
  return Number(version);
}

function parseStage(stage: string): ModelStage {
  const known = MODEL_STAGES.find((one) => one.toLowerCase() === stage.toLowerCase());
  if (known) return known;
  throw new AppError(
    'BAD_INPUT',
    `Invalid Model Version stage: ${stage}. Value must be one of ${MODEL_STAGES.join(', ')}.`,
  );
}
