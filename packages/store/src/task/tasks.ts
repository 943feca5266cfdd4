/** Tasks of datasets: making them, finding them, and deleting those that nothing has. */
import { AppError } from '@microtome/domain/app-error';
import {
  type NamedSides,
  namePositiveSide,
  nameTask,
  placeClasses,
  type TaskSide,
} from '@microtome/domain/task/task';
import { checkText, NAME_LENGTH_MAX } from '@microtome/domain/text-rules';
import type { Prisma, Task } from '../../generated/prisma/client.ts';
import { rethrowInUse, rethrowTaken } from '../database/database-errors.ts';
import type { Store } from '../store.ts';

type TaskRequest = NamedSides & {
  datasetId: string;
  /** Made from the classes when left out. */
  name?: string | undefined;
  /** What the positive side is called; its classes' names when left out. */
  positiveName?: string | undefined;
};

/** NOT_FOUND when there is none. */
export async function getTask(store: Store, taskId: string): Promise<Task> {
  const task = await store.database.prisma.task.findUnique({ where: { id: taskId } });
  if (!task) throw new AppError('NOT_FOUND', `There is no task ${taskId}.`);
  return task;
}

/** The task that the import of a dataset proposed; BAD_INPUT for a dataset of one class, which may have none. */
export async function getFirstTask(store: Store, datasetId: string): Promise<Task> {
  const task = await store.database.prisma.task.findFirst({
    where: { datasetId },
    orderBy: { position: 'asc' },
  });
  if (task) return task;
  throw new AppError('BAD_INPUT', `Dataset ${datasetId} has no task: its patches are all of one class.`);
}

/**
 * Adds a task to a dataset.
 * @throws AppError NOT_FOUND; BAD_INPUT for classes that do not fit; CONFLICT for a name or sides that it has already
 */
export async function createTask(store: Store, request: TaskRequest): Promise<Task> {
  const { datasetId } = request;
  return store.database.prisma.$transaction(async (tx) => {
    // Tasks are numbered one after the other, however many are made at once.
    await tx.$queryRaw`select from dataset where id = ${datasetId}::uuid for no key update`;
    const dataset = await tx.dataset.findUnique({
      where: { id: datasetId },
      include: { classes: { orderBy: { position: 'asc' } }, tasks: { orderBy: { position: 'asc' } } },
    });
    if (!dataset) throw new AppError('NOT_FOUND', `There is no dataset ${datasetId}.`);
    const row = describeTask(
      request,
      dataset.classes.map(({ name }) => name),
    );
    const same = dataset.tasks.find(({ sides }) => sides.join() === row.sides.join());
    if (same) {
      throw new AppError('CONFLICT', `Dataset '${dataset.name}' has this task already: '${same.name}'.`);
    }
    const position = (dataset.tasks.at(-1)?.position ?? -1) + 1;
    return tx.task
      .create({ data: { ...row, datasetId, position } })
      .catch((error: unknown) =>
        rethrowTaken(error, `Dataset '${dataset.name}' has a task named '${row.name}'. Choose another name.`),
      );
  });
}

/**
 * Deletes a task that no experiment and no external evaluation has.
 * @throws AppError NOT_FOUND; CONFLICT for the first of a dataset, or while something has it
 */
export async function deleteTask(store: Store, taskId: string): Promise<void> {
  const { name, position } = await getTask(store, taskId);
  if (position === 0) {
    throw new AppError('CONFLICT', `Task '${name}' is the first of its dataset, and stays with it.`);
  }
  await store.database.prisma.task
    .delete({ where: { id: taskId } })
    .catch((error) =>
      rethrowInUse(
        error,
        `Task '${name}' cannot be deleted: an experiment or an external evaluation has it.`,
      ),
    );
}

/** A task's columns from what was asked for. */
function describeTask(
  { positive, negative, name, positiveName }: Omit<TaskRequest, 'datasetId'>,
  classNames: readonly string[],
): { name: string; positiveName: string; sides: TaskSide[] } {
  const sides = placeClasses(classNames, { positive, negative });
  return {
    sides,
    name: name === undefined ? shorten(nameTask(sides, classNames)) : checkText(name, 'taskName'),
    positiveName:
      positiveName === undefined
        ? shorten(namePositiveSide(sides, classNames))
        : checkText(positiveName, 'sideName'),
  };
}

/** Dataset → its tasks by position, in one query. */
export async function listTasksOfDatasets(
  { database: { prisma } }: Store,
  datasetIds: readonly string[],
): Promise<ReadonlyMap<string, Task[]>> {
  const tasks = await prisma.task.findMany({
    where: { datasetId: { in: [...datasetIds] } },
    orderBy: { position: 'asc' },
  });
  return Map.groupBy(tasks, ({ datasetId }) => datasetId);
}

/** What a query of runs includes to know their tasks. */
export const withTask = { experiment: { select: { task: true } } } satisfies Prisma.RunInclude;

/** Run → its task, in one query. */
export async function listTasksOfRuns(
  { database: { prisma } }: Store,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, Task>> {
  const rows = await prisma.$queryRaw<(Task & { runId: string })[]>`
    select run.id::text as "runId", task.id::text, task.dataset_id::text as "datasetId", task.position::int, task.name,
      task.positive_name as "positiveName", task.sides, task.created_at as "createdAt"
    from run join experiment on experiment.id = run.experiment_id join task on task.id = experiment.task_id
    where run.id = any (${[...runIds]}::uuid[])`;
  return new Map(rows.map(({ runId, ...task }) => [runId, task]));
}

/** The task of a run. NOT_FOUND when there is no such run. */
export async function getTaskOfRun(store: Store, runId: string): Promise<Task> {
  const task = (await listTasksOfRuns(store, [runId])).get(runId);
  if (!task) throw new AppError('NOT_FOUND', `There is no run '${runId}'.`);
  return task;
}

function shorten(name: string): string {
  return name.length <= NAME_LENGTH_MAX ? name : `${name.slice(0, NAME_LENGTH_MAX - 1)}…`;
}
