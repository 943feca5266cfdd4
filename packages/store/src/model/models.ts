/** Registered models and their versions. What may be promoted is decided in promotions.ts. */
import { AppError } from '@microtome/domain/app-error';
import { parsePromotionPolicy } from '@microtome/domain/promotion/promotion-policy';
import { haveSameSides } from '@microtome/domain/task/task';
import { checkPerson, checkText } from '@microtome/domain/text-rules';
import type { Model, ModelVersion } from '../../generated/prisma/client.ts';
import { getProject } from '../access/projects.ts';
import type { Transaction } from '../database/database.ts';
import { rethrowTaken } from '../database/database-errors.ts';
import { requireCheckedModel } from '../model-check/model-checks.ts';
import { requireSplit } from '../run/split-run.ts';
import type { Store } from '../store.ts';
import { insertPolicy, lockModel } from './promotion-policies.ts';

const NAME_SHAPE = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

type NewModel = {
  name: string;
  description?: string | undefined;
  /** Opens the card of each version. */
  intendedUse?: string | undefined;
  /** What its gate asks for, where that differs from the default. */
  policy?: unknown;
  createdBy?: string | undefined;
  /** "default" when left out. */
  projectId?: string | undefined;
};

/** Those that are there, in no order. */
export async function listModelVersions(
  store: Store,
  versionIds: readonly string[],
): Promise<ModelVersion[]> {
  return store.database.prisma.modelVersion.findMany({ where: { id: { in: [...versionIds] } } });
}

/**
 * Makes a model without versions.
 * @throws AppError BAD_INPUT for a name or policy that does not fit, CONFLICT for a name in use
 */
export async function createModel(
  store: Store,
  { name: typedName, description = '', intendedUse = '', policy, createdBy, projectId }: NewModel,
): Promise<Model> {
  const name = checkText(typedName, 'modelName');
  if (!NAME_SHAPE.test(name)) {
    throw new AppError(
      'BAD_INPUT',
      `The model's name '${name}' does not fit: letters, digits, '.', '_' and '-', beginning with a letter or digit.`,
      { details: { field: 'name' } },
    );
  }
  if (projectId !== undefined) await getProject(store, projectId);
  const data = {
    ...(projectId === undefined ? {} : { projectId }),
    name,
    description: checkText(description, 'description'),
    intendedUse: checkText(intendedUse, 'intendedUse'),
  };
  const changedBy = checkPerson(createdBy);
  const firstPolicy = parsePromotionPolicy(policy ?? {});
  return store.database.prisma
    .$transaction(async (tx) => {
      const model = await tx.model.create({ data });
      const reason = policy ? 'Given when the model was made.' : 'The default, when the model was made.';
      await insertPolicy(tx, { modelId: model.id, version: 1, policy: firstPolicy, reason, changedBy });
      return model;
    })
    .catch((error: unknown) => rethrowTaken(error, `There is a model '${name}' already.`));
}

/**
 * Changes what is said of a model; what is left out stays.
 * @throws AppError NOT_FOUND, or BAD_INPUT for a text that is too long
 */
export async function updateModel(
  store: Store,
  {
    modelId,
    description,
    intendedUse,
  }: { modelId: string; description?: string | undefined; intendedUse?: string | undefined },
): Promise<Model> {
  return store.database.prisma.$transaction(async (tx) => {
    await lockModel(tx, modelId);
    return tx.model.update({
      where: { id: modelId },
      data: {
        ...(description === undefined ? {} : { description: checkText(description, 'description') }),
        ...(intendedUse === undefined ? {} : { intendedUse: checkText(intendedUse, 'intendedUse') }),
      },
    });
  });
}

/**
 * Registers a run as the next version of a model; a run that is registered already keeps its version.
 * @throws AppError NOT_FOUND, or CONFLICT when the run did not succeed
 */
export async function registerModelVersion(
  store: Store,
  { modelId, runId, notes = '' }: { modelId: string; runId: string; notes?: string },
): Promise<ModelVersion> {
  return store.database.prisma.$transaction(async (tx) => {
    // The lock numbers versions without gaps, however many register at once.
    await lockModel(tx, modelId);
    const found = await tx.run.findUnique({
      where: { id: runId },
      select: {
        id: true,
        name: true,
        status: true,
        origin: true,
        splitKind: true,
        experiment: { select: { projectId: true } },
      },
    });
    if (!found) throw new AppError('NOT_FOUND', `There is no run '${runId}'.`);
    await checkProject(tx, { modelId, runName: found.name, projectId: found.experiment.projectId });
    const run = requireSplit(found);
    if (run.status !== 'SUCCEEDED') {
      throw new AppError(
        'CONFLICT',
        `The run '${run.name}' is ${run.status}: only a run that SUCCEEDED can be registered.`,
      );
    }
    if (run.origin === 'EXTERNAL') await requireCheckedModel(tx, run);
    const registered = await tx.modelVersion.findUnique({ where: { modelId_runId: { modelId, runId } } });
    if (registered) return registered;
    await checkTask(tx, { modelId, runId, runName: run.name });
    const { _max } = await tx.modelVersion.aggregate({ where: { modelId }, _max: { number: true } });
    const number = (_max.number ?? 0) + 1;
    return tx.modelVersion.create({
      data: { modelId, runId, splitKind: run.splitKind, number, notes: checkText(notes, 'notes') },
    });
  });
}

/** CONFLICT unless the run is of the model's project. */
async function checkProject(
  tx: Transaction,
  { modelId, runName, projectId }: { modelId: string; runName: string; projectId: string },
): Promise<void> {
  const model = await tx.model.findUniqueOrThrow({
    where: { id: modelId },
    select: { name: true, projectId: true },
  });
  if (model.projectId === projectId) return;
  throw new AppError(
    'CONFLICT',
    `The run '${runName}' is of another project than the model '${model.name}': a version is a run of its model's project.`,
  );
}

/** CONFLICT unless the run has the same classes on the same sides as the versions that are there. */
async function checkTask(
  tx: Transaction,
  { modelId, runId, runName }: { modelId: string; runId: string; runName: string },
): Promise<void> {
  const [first] = await tx.modelVersion.findMany({
    where: { modelId },
    orderBy: { number: 'asc' },
    take: 1,
    select: { runId: true, model: { select: { name: true } } },
  });
  if (!first) return;
  const [known, added] = await Promise.all([first.runId, runId].map((id) => findNamedTask(tx, id)));
  if (!known || !added || haveSameSides(known, added)) return;
  throw new AppError(
    'CONFLICT',
    `Model '${first.model.name}' is of task '${known.name}', and run '${runName}' of task '${added.name}': a model ` +
      'answers one question. Register the run under another model.',
  );
}

async function findNamedTask(tx: Transaction, runId: string) {
  const run = await tx.run.findUnique({
    where: { id: runId },
    select: {
      experiment: {
        select: { task: true, dataset: { select: { classes: { orderBy: { position: 'asc' } } } } },
      },
    },
  });
  if (!run) return null;
  const { task, dataset } = requireSplit(run).experiment;
  return { name: task.name, sides: task.sides, classNames: dataset.classes.map(({ name }) => name) };
}
