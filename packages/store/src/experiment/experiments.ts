/** Experiments: named questions on one dataset, holding runs. */
import { AppError } from '@microtome/domain/app-error';
import { checkText } from '@microtome/domain/text-rules';
import type { Dataset, Experiment, Task } from '../../generated/prisma/client.ts';
import { rethrowTaken } from '../database/database-errors.ts';
import { getDataset } from '../dataset/datasets.ts';
import { refuseDeletedDataset } from '../deletion/deletions.ts';
import type { Store } from '../store.ts';
import { getFirstTask, getTask } from '../task/tasks.ts';

/** NOT_FOUND when there is none. */
export async function getExperiment(
  store: Store,
  experimentId: string,
): Promise<Experiment & { dataset: Dataset; task: Task }> {
  const experiment = await store.database.prisma.experiment.findUnique({
    where: { id: experimentId },
    include: { dataset: true, task: true },
  });
  if (!experiment) throw new AppError('NOT_FOUND', `There is no experiment ${experimentId}.`);
  return experiment;
}

/**
 * With the dataset's first task, where no other is asked for.
 * @throws AppError CONFLICT when the dataset has an experiment of this name; NOT_FOUND; BAD_INPUT for another dataset's task
 */
export async function createExperiment(
  store: Store,
  request: { datasetId: string; taskId?: string | undefined; name: string; question?: string },
): Promise<Experiment> {
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
  return store.database.prisma.experiment
    .create({ data: { datasetId: dataset.id, taskId: task.id, name, question } })
    .catch((error) =>
      rethrowTaken(
        error,
        `Dataset '${dataset.name}' has an experiment named '${name}'. Choose another name.`,
      ),
    );
}
