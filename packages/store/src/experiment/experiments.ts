/** Experiments: named questions on one dataset, holding runs. */
import { AppError } from '@microtome/domain/app-error';
import { checkText } from '@microtome/domain/text-rules';
import type { Dataset, Experiment, Task } from '../../generated/prisma/client.ts';
import { rethrowTaken } from '../database/database-errors.ts';
import { getDataset } from '../dataset/datasets.ts';
import { refuseDeletedDataset } from '../deletion/deletions.ts';
import type { Store } from '../store.ts';
import { getFirstTask, getTask } from '../task/tasks.ts';

/** Where runs are launched. NOT_FOUND when there is none, BAD_INPUT for one without a dataset. */
export async function getExperiment(
  store: Store,
  experimentId: string,
): Promise<Experiment & { dataset: Dataset; task: Task }> {
  const experiment = await store.database.prisma.experiment.findUnique({
    where: { id: experimentId },
    include: { dataset: true, task: true },
  });
  if (!experiment) throw new AppError('NOT_FOUND', `There is no experiment ${experimentId}.`);
  const { dataset, task } = experiment;
  if (dataset && task) return { ...experiment, dataset, task };
  throw new AppError(
    'BAD_INPUT',
    `Experiment '${experiment.name}' has no dataset: it takes runs of external programs alone.`,
  );
}

/**
 * With the dataset's first task, where no other is asked for.
 * @throws AppError CONFLICT when the dataset has an experiment of this name; NOT_FOUND; BAD_INPUT for another dataset's task
 */
export async function createExperiment(
  store: Store,
  request: { datasetId: string; taskId?: string | undefined; name: string; question?: string },
): Promise<Experiment & { datasetId: string; taskId: string }> {
  const name = checkText(request.name, 'experimentName');
  await refuseDeletedDataset(store, request.datasetId);
  const dataset = await getDataset(store, request.datasetId);
  const task = request.taskId
    ? await getTask(store, request.taskId)
    : await getFirstTask(store, request.datasetId);
  if (task.datasetId !== dataset.id) {
    throw new AppError('BAD_INPUT', `Task '${task.name}' is not one of dataset '${dataset.name}'.`);
  }
  const question = checkText(request.question ?? '', 'question');
  const home = { datasetId: dataset.id, taskId: task.id };
  const experiment = await store.database.prisma.experiment
    .create({ data: { ...home, name, question } })
    .catch((error) =>
      rethrowTaken(
        error,
        `Dataset '${dataset.name}' has an experiment named '${name}'. Choose another name.`,
      ),
    );
  return { ...experiment, ...home };
}
