/** Which task a field counts by: the one that was asked for, or the first of the dataset. */
import { AppError } from '@microtome/domain/app-error';
import type { Task } from '@microtome/store/generated/prisma/client';
import type { Loaders } from '../../graphql/loaders.ts';
import { parseRecordId } from '../../graphql/record-id.ts';

/** The task of this id among those of a dataset, or its first; null where it has none. NOT_FOUND for a stranger's. */
export async function findTask(
  loaders: Loaders,
  { datasetId, taskId }: { datasetId: string; taskId: string | null | undefined },
): Promise<Task | null> {
  const tasks = (await loaders.tasksOfDataset.load(datasetId)) ?? [];
  if (!taskId) return tasks[0] ?? null;
  const wanted = parseRecordId(taskId, 'task');
  const found = tasks.find(({ id }) => id === wanted);
  if (!found) throw new AppError('NOT_FOUND', `The dataset has no task ${wanted}.`);
  return found;
}
