/** Models that MLflow clients log: with parameters, tags, files and the numbers that runs measured of them. */
import { randomUUID } from 'node:crypto';
import { AppError } from '@microtome/domain/app-error';
import {
  checkLoggedModelName,
  checkRegistryTag,
  checkRunText,
  type KeyedText,
  toTextByKey,
} from '@microtome/domain/mlflow/entry-rules';
import type { LoggedModelStatus } from '@microtome/domain/mlflow/mlflow-words';
import type { LoggedModel, LoggedModelMetric } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database/database.ts';
import type { Store } from '../store.ts';
import { getModelUri } from './artifact-places.ts';
import { getActiveExperiment, getMlflowExperiment, type MlflowExperimentRow } from './mlflow-experiments.ts';
import { inScope, type ScopedStore } from './mlflow-scope.ts';

/** Where a logged model notes the versions that were registered of it. */
const VERSIONS_TAG = 'mlflow.modelVersions';
const MODEL_TYPE_LENGTH_MAX = 500;

export type LoggedModelRow = Omit<LoggedModel, 'experimentId'> & {
  experimentId: string;
  artifactUri: string;
  metrics: LoggedModelMetric[];
};

type NewLoggedModel = {
  experimentId: string;
  name: string;
  modelType: string;
  sourceRunId: string;
  params: readonly KeyedText[];
  tags: readonly KeyedText[];
};

export async function createLoggedModel(
  store: ScopedStore,
  request: NewLoggedModel,
): Promise<LoggedModelRow> {
  const experiment = await getActiveExperiment(store, request.experimentId);
  const id = `m-${randomUUID().replaceAll('-', '')}`;
  const model = await store.database.prisma.loggedModel.create({
    data: {
      id,
      experimentId: experiment.id,
      name: checkLoggedModelName(request.name) || `model-${id.slice(2, 10)}`,
      modelType: checkModelType(request.modelType),
      sourceRunId: request.sourceRunId,
      params: toTextByKey(request.params.map((param) => checkRunText('param', param))),
      tags: toTextByKey(request.tags.map(checkRegistryTag)),
    },
  });
  return describeModel(experiment, { ...model, metrics: [] });
}

/** NOT_FOUND when there is none, when it is deleted, or not seen. */
export async function getLoggedModel(store: ScopedStore, modelId: string): Promise<LoggedModelRow> {
  const model = await store.database.prisma.loggedModel.findFirst({
    where: { id: modelId, deletedAt: null, experiment: inScope(store.scope) },
    include: { metrics: { orderBy: [{ at: 'asc' }, { step: 'asc' }] } },
  });
  if (!model) throw noLoggedModel(modelId);
  return describeModel(await getMlflowExperiment(store, model.experimentId), model);
}

export async function finalizeLoggedModel(
  store: ScopedStore,
  { modelId, status }: { modelId: string; status: LoggedModelStatus },
): Promise<LoggedModelRow> {
  await changeModel(store, modelId, { status });
  return getLoggedModel(store, modelId);
}

export async function deleteLoggedModel(store: Store, modelId: string): Promise<void> {
  await changeModel(store, modelId, { deletedAt: new Date() });
}

/** A parameter that is there keeps its value: BAD_INPUT when it is logged with another. */
export async function logModelParams(
  store: Store,
  { modelId, params }: { modelId: string; params: readonly KeyedText[] },
): Promise<void> {
  const added = toTextByKey(params.map((param) => checkRunText('param', param)));
  await store.database.prisma.$transaction(async (tx) => {
    const model = await lockModel(tx, modelId);
    const known = Object.entries(added).find(([key, value]) => (model.params[key] ?? value) !== value);
    if (known) {
      throw new AppError(
        'BAD_INPUT',
        `Changing param values is not allowed. Param with key='${known[0]}' was already logged with value='${model.params[known[0]]}' for model ID='${modelId}'. Attempted logging new value '${known[1]}'.`,
      );
    }
    const data = { params: { ...model.params, ...added }, updatedAt: new Date() };
    await tx.loggedModel.update({ where: { id: modelId }, data });
  });
}

export async function setLoggedModelTags(
  store: Store,
  { modelId, tags }: { modelId: string; tags: readonly KeyedText[] },
): Promise<void> {
  const added = toTextByKey(tags.map(checkRegistryTag));
  await store.database.prisma.$transaction(async (tx) => {
    const model = await lockModel(tx, modelId);
    const data = { tags: { ...model.tags, ...added }, updatedAt: new Date() };
    await tx.loggedModel.update({ where: { id: modelId }, data });
  });
}

/** NOT_FOUND when it has no such tag. */
export async function deleteLoggedModelTag(
  store: Store,
  { modelId, key }: { modelId: string; key: string },
): Promise<void> {
  await store.database.prisma.$transaction(async (tx) => {
    const model = await lockModel(tx, modelId);
    if (!Object.hasOwn(model.tags, key)) {
      throw new AppError('NOT_FOUND', `No tag with key '${key}' found for model with ID '${modelId}'.`);
    }
    const tags = Object.fromEntries(Object.entries(model.tags).filter(([known]) => known !== key));
    await tx.loggedModel.update({ where: { id: modelId }, data: { tags, updatedAt: new Date() } });
  });
}

/** Adds a version to those that the model's tag lists, as MLflow writes them. */
export async function noteModelVersion(
  tx: Transaction,
  { modelId, name, number }: { modelId: string; name: string; number: number },
): Promise<void> {
  const model = await lockModel(tx, modelId);
  const noted = (model.tags[VERSIONS_TAG] ?? '[]').slice(1, -1);
  const version = `{"name": ${JSON.stringify(name)}, "version": ${number}}`;
  const list = `[${noted === '' ? version : `${noted}, ${version}`}]`;
  await tx.loggedModel.update({
    where: { id: modelId },
    data: { tags: { ...model.tags, [VERSIONS_TAG]: list } },
  });
}

export function describeModel(
  experiment: MlflowExperimentRow,
  model: LoggedModel & { metrics: LoggedModelMetric[] },
): LoggedModelRow {
  const { experimentId } = experiment;
  return { ...model, experimentId, artifactUri: getModelUri(experiment, model.id) };
}

async function lockModel(tx: Transaction, modelId: string): Promise<LoggedModel> {
  await tx.$queryRaw`select from logged_model where id = ${modelId} for update`;
  const model = await tx.loggedModel.findFirst({ where: { id: modelId, deletedAt: null } });
  if (!model) throw noLoggedModel(modelId);
  return model;
}

async function changeModel(
  store: Store,
  modelId: string,
  data: { status?: LoggedModelStatus; deletedAt?: Date },
): Promise<void> {
  const { count } = await store.database.prisma.loggedModel.updateMany({
    where: { id: modelId, deletedAt: null },
    data: { ...data, updatedAt: new Date() },
  });
  if (count === 0) throw noLoggedModel(modelId);
}

function checkModelType(modelType: string): string {
  if (modelType.length <= MODEL_TYPE_LENGTH_MAX) return modelType;
  throw new AppError(
    'BAD_INPUT',
    `'model_type' exceeds the maximum length of ${MODEL_TYPE_LENGTH_MAX} characters`,
  );
}

export function noLoggedModel(modelId: string): AppError {
  return new AppError('NOT_FOUND', `Logged model with ID '${modelId}' not found.`);
}
