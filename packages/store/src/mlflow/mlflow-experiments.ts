/**
 * Experiments as MLflow clients see them: those without a dataset, and those that they have touched. The default one, which
 * they call by the id 0, is made when it is first asked for. Deleting hides one and its runs until it is restored.
 * Names are those of the projects that the asker sees, one at home before others.
 */
import { DEFAULT_PROJECT_ID } from '@microtome/domain/access/principal';
import { AppError } from '@microtome/domain/app-error';
import {
  checkExperimentTag,
  checkLength,
  type KeyedText,
  toTextByKey,
} from '@microtome/domain/mlflow/entry-rules';
import { PROJECT_TAG } from '@microtome/domain/mlflow/mlflow-words';
import { checkText } from '@microtome/domain/text-rules';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database/database.ts';
import { refuseState, rethrowAsTaken } from './mlflow-refusals.ts';
import { homeFirst, isInScope, requireHome, type ScopedStore } from './mlflow-scope.ts';

export const DEFAULT_EXPERIMENT_ID = '0';
const DEFAULT_NAME = 'Default';
const LOCATION_LENGTH_MAX = 2_048;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export type LifecycleView = 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL';

export type MlflowExperimentRow = {
  id: string;
  /** The id that clients use. */
  experimentId: string;
  name: string;
  artifactLocation: string | null;
  tags: Record<string, string>;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
};

/** The id that clients use, of a row of `EXPERIMENTS_SEEN`. To those at home elsewhere, 0 is the default one of their project. */
export function clientsIdSql({ scope }: ScopedStore): Prisma.Sql {
  const own = Prisma.sql`experiment.id::text`;
  if (scope.homeId !== DEFAULT_PROJECT_ID) return own;
  return Prisma.sql`case when seen.is_default then ${DEFAULT_EXPERIMENT_ID}::text else ${own} end`;
}

/** The columns of `MlflowExperimentRow`, from `EXPERIMENTS_SEEN`. */
export function experimentColumns(store: ScopedStore): Prisma.Sql {
  return Prisma.sql`experiment.id, ${clientsIdSql(store)} as "experimentId", ${OTHER_COLUMNS}`;
}

const OTHER_COLUMNS = Prisma.sql`experiment.name, seen.artifact_location as "artifactLocation", coalesce(seen.tags, '{}') as tags,
  experiment.created_at as "createdAt", coalesce(seen.updated_at, experiment.created_at) as "updatedAt",
  seen.deleted_at as "deletedAt"`;

export const EXPERIMENTS_SEEN = Prisma.sql`experiment left join mlflow_experiment seen on seen.experiment_id = experiment.id`;
export const PROJECT_COLUMN = Prisma.sql`experiment.project_id`;
export const IS_SEEN = Prisma.sql`(experiment.dataset_id is null or seen.experiment_id is not null)`;

/** @throws AppError CONFLICT when the name is taken */
export async function createMlflowExperiment(
  store: ScopedStore,
  request: { name: string; artifactLocation: string; tags: readonly KeyedText[] },
): Promise<MlflowExperimentRow> {
  const tags = toTextByKey(request.tags.map(checkExperimentTag));
  const artifactLocation = request.artifactLocation === '' ? null : checkLocation(request.artifactLocation);
  const id = await insertExperiment(store, { name: request.name, extras: { tags, artifactLocation } });
  return getMlflowExperiment(store, id);
}

/** By the id that its clients use. NOT_FOUND. */
export async function getMlflowExperiment(
  store: ScopedStore,
  experimentId: string,
): Promise<MlflowExperimentRow> {
  if (experimentId === DEFAULT_EXPERIMENT_ID) return getDefaultExperiment(store);
  const [found] = UUID.test(experimentId)
    ? await selectExperiments(store, Prisma.sql`experiment.id = ${experimentId}::uuid`)
    : [];
  if (!found) throw noExperiment(experimentId);
  return found;
}

export function noExperiment(experimentId: string): AppError {
  return new AppError('NOT_FOUND', `No Experiment with id=${experimentId} exists`);
}

/** Also one that is deleted. NOT_FOUND. */
export async function getMlflowExperimentByName(
  store: ScopedStore,
  name: string,
): Promise<MlflowExperimentRow> {
  if (name === DEFAULT_NAME && store.scope.homeId !== null) await getDefaultExperiment(store);
  const [found] = await selectExperiments(store, Prisma.sql`experiment.name = ${name}`);
  if (!found) throw new AppError('NOT_FOUND', `Could not find experiment with name '${name}'`);
  return found;
}

/** The experiment, for what is about to be added to it. BAD_INPUT when it is deleted. */
export async function getActiveExperiment(
  store: ScopedStore,
  experimentId: string,
): Promise<MlflowExperimentRow> {
  const experiment = await getMlflowExperiment(store, experimentId);
  if (!experiment.deletedAt) return experiment;
  throw new AppError(
    'BAD_INPUT',
    `The experiment ${experimentId} must be in the 'active' state. Current state is deleted.`,
  );
}

/** Its runs are hidden with it, and shown again with it. */
export async function setExperimentDeleted(
  store: ScopedStore,
  { experimentId, isDeleted }: { experimentId: string; isDeleted: boolean },
): Promise<void> {
  const experiment = await getMlflowExperiment(store, experimentId);
  if ((experiment.deletedAt !== null) === isDeleted) {
    const stage = isDeleted ? 'active' : 'deleted';
    throw new AppError('NOT_FOUND', `No Experiment with id=${experimentId} exists that is ${stage}`);
  }
  const { id } = experiment;
  await store.database.prisma.$transaction(async (tx) => {
    const at = new Date();
    await touchExperiment(tx, id, { deletedAt: isDeleted ? at : null });
    // What was archived before the experiment was deleted stays so when it is restored.
    await tx.run.updateMany({
      where: { experimentId: id, archivedAt: isDeleted ? null : { gte: experiment.deletedAt ?? at } },
      data: { archivedAt: isDeleted ? at : null },
    });
  });
}

export async function renameExperiment(
  store: ScopedStore,
  { experimentId, name: typed }: { experimentId: string; name: string },
): Promise<void> {
  const experiment = await getMlflowExperiment(store, experimentId);
  if (experiment.deletedAt) refuseState('Cannot rename a non-active experiment.');
  const name = checkText(typed, 'experimentName');
  await store.database.prisma
    .$transaction(async (tx) => {
      await tx.experiment.update({ where: { id: experiment.id }, data: { name } });
      await touchExperiment(tx, experiment.id, {});
    })
    .catch((error: unknown) => rethrowAsTaken(error, `Experiment(name=${name}) already exists.`));
}

export async function setExperimentTag(
  store: ScopedStore,
  { experimentId, tag }: { experimentId: string; tag: KeyedText },
): Promise<void> {
  const { key, value } = checkExperimentTag(tag);
  if (key === PROJECT_TAG) {
    const sentence = `An experiment stays in its project: the tag '${PROJECT_TAG}' counts when it is made.`;
    throw new AppError('BAD_INPUT', sentence);
  }
  const { id } = await getActiveExperiment(store, experimentId);
  await store.database.prisma.$executeRaw`
    insert into mlflow_experiment as known (experiment_id, tags)
    values (${id}::uuid, jsonb_build_object(${key}::text, ${value}::text))
    on conflict (experiment_id) do update set tags = known.tags || excluded.tags, updated_at = now()`;
}

/** NOT_FOUND when it has no such tag. */
export async function deleteExperimentTag(
  store: ScopedStore,
  { experimentId, key }: { experimentId: string; key: string },
): Promise<void> {
  const { id } = await getActiveExperiment(store, experimentId);
  const deleted = await store.database.prisma.$executeRaw`
    update mlflow_experiment set tags = tags - ${key}::text, updated_at = now()
    where experiment_id = ${id}::uuid and tags ? ${key}::text`;
  if (deleted === 0) {
    throw new AppError('NOT_FOUND', `No tag with name: ${key} in experiment with id ${experimentId}`);
  }
}

/** Of the home; the one of the project "default" is marked, another project's is known by its name alone. */
export async function getDefaultExperiment(store: ScopedStore): Promise<MlflowExperimentRow> {
  const homeId = requireHome(store.scope);
  const isFirst = homeId === DEFAULT_PROJECT_ID;
  const named = Prisma.sql`experiment.name = ${DEFAULT_NAME} and experiment.project_id = ${homeId}::uuid`;
  const wanted = isFirst
    ? Prisma.sql`seen.is_default`
    : Prisma.sql`${named} and experiment.dataset_id is null`;
  const [known] = await selectExperiments(store, wanted);
  if (known) return known;
  const [other] = isFirst ? await selectExperiments(store, named) : [];
  const extras = { isDefault: isFirst };
  await (other
    ? touchExperiment(store.database.prisma, other.id, extras)
    : insertExperiment(store, { name: DEFAULT_NAME, extras })
  ).catch(ignoreTaken);
  const [made] = await selectExperiments(store, wanted);
  if (!made) throw noExperiment(DEFAULT_EXPERIMENT_ID);
  return made;
}

/** By their own ids. */
export async function listExperimentsById(
  store: ScopedStore,
  ids: readonly string[],
): Promise<Map<string, MlflowExperimentRow>> {
  const rows = await store.database.prisma.$queryRaw<MlflowExperimentRow[]>`
    select ${experimentColumns(store)} from ${EXPERIMENTS_SEEN} where experiment.id = any(${[...ids]}::uuid[])`;
  return new Map(rows.map((row) => [row.id, row]));
}

async function selectExperiments(store: ScopedStore, condition: Prisma.Sql): Promise<MlflowExperimentRow[]> {
  return store.database.prisma.$queryRaw<MlflowExperimentRow[]>`
    select ${experimentColumns(store)} from ${EXPERIMENTS_SEEN}
    where ${IS_SEEN} and ${isInScope(store.scope, PROJECT_COLUMN)} and ${condition}
    order by ${homeFirst(store.scope, PROJECT_COLUMN)}, experiment.created_at limit 1`;
}

type Extras = {
  isDefault?: boolean;
  artifactLocation?: string | null;
  tags?: Record<string, string>;
  deletedAt?: Date | null;
};

async function insertExperiment(
  store: ScopedStore,
  { name: typed, extras }: { name: string; extras: Extras },
): Promise<string> {
  const name = checkText(typed, 'experimentName');
  const projectId = requireHome(store.scope);
  return store.database.prisma
    .$transaction(async (tx) => {
      const { id } = await tx.experiment.create({ data: { name, projectId } });
      await tx.mlflowExperiment.create({ data: { ...extras, experimentId: id } });
      return id;
    })
    .catch((error: unknown) => rethrowAsTaken(error, `Experiment(name=${name}) already exists.`));
}

async function touchExperiment(
  prisma: Pick<Transaction, 'mlflowExperiment'>,
  experimentId: string,
  extras: Extras,
): Promise<void> {
  await prisma.mlflowExperiment.upsert({
    where: { experimentId },
    create: { ...extras, experimentId },
    update: { ...extras, updatedAt: new Date() },
  });
}

/** Another request made the default experiment meanwhile. */
function ignoreTaken(error: unknown): void {
  const { code, details } = error as { code?: unknown; details?: { mlflow?: unknown } };
  if (code === 'P2002' || details?.mlflow === 'RESOURCE_ALREADY_EXISTS') return;
  throw error;
}

function checkLocation(location: string): string {
  if (location.startsWith('runs:')) {
    throw new AppError('BAD_INPUT', `Artifact location cannot be a runs:/ URI. Given: '${location}'`);
  }
  if (/[?#]/.test(location) || location.split('/').includes('..')) {
    throw new AppError(
      'BAD_INPUT',
      `Invalid artifact location '${location}': it may hold neither '..' nor a query or fragment.`,
    );
  }
  return checkLength(location, 'artifact_location', LOCATION_LENGTH_MAX);
}
