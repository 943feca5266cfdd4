/** Experiments: named questions on one dataset, holding runs. */
import { AppError } from '@microtome/domain/app-error';
import type { Dataset, Experiment } from '../../generated/prisma/client.ts';
import { rethrowTaken } from '../database/database-errors.ts';
import { checkName } from '../database/text-fields.ts';
import { getDataset } from '../dataset/datasets.ts';
import type { Store } from '../store.ts';

/** NOT_FOUND when there is none. */
export async function getExperiment(
  store: Store,
  experimentId: string,
): Promise<Experiment & { dataset: Dataset }> {
  const experiment = await store.database.prisma.experiment.findUnique({
    where: { id: experimentId },
    include: { dataset: true },
  });
  if (!experiment) throw new AppError('NOT_FOUND', `There is no experiment ${experimentId}.`);
  return experiment;
}

/** CONFLICT when the dataset has an experiment of this name. */
export async function createExperiment(
  store: Store,
  request: { datasetId: string; name: string; question?: string },
): Promise<Experiment> {
  const name = checkName(request.name, 'name of the experiment');
  const dataset = await getDataset(store, request.datasetId);
  return store.database.prisma.experiment
    .create({ data: { datasetId: dataset.id, name, question: request.question?.trim() ?? '' } })
    .catch((error) =>
      rethrowTaken(
        error,
        `Dataset '${dataset.name}' has an experiment named '${name}'. Choose another name.`,
      ),
    );
}
