/** Experiments that external programs begin: by name alone, without a dataset until one of their runs names a split. */
import { DEFAULT_PROJECT_ID } from '@microtome/domain/access/principal';
import { checkText } from '@microtome/domain/text-rules';
import type { Experiment } from '../../generated/prisma/client.ts';
import { getProject } from '../access/projects.ts';
import { rethrowTaken } from '../database/database-errors.ts';
import type { Store } from '../store.ts';

/** CONFLICT when there is one of this name without a dataset; NOT_FOUND without such a project. */
export async function createExternalExperiment(
  store: Store,
  request: { name: string; question?: string; projectId?: string },
): Promise<Experiment> {
  const name = checkText(request.name, 'experimentName');
  const question = checkText(request.question ?? '', 'question');
  const { id: projectId } = await getProject(store, request.projectId ?? DEFAULT_PROJECT_ID);
  return store.database.prisma.experiment
    .create({ data: { name, question, projectId } })
    .catch((error) =>
      rethrowTaken(error, `There is an experiment named '${name}' already. Choose another name.`),
    );
}

/** Of one project: the one without a dataset first, then the oldest; null when none has the name. */
export async function findExperimentByName(
  store: Store,
  name: string,
  projectId = DEFAULT_PROJECT_ID,
): Promise<Experiment | null> {
  return store.database.prisma.experiment.findFirst({
    where: { name: name.trim().normalize('NFC'), projectId },
    orderBy: [{ datasetId: { sort: 'asc', nulls: 'first' } }, { createdAt: 'asc' }],
  });
}

/** The experiment of this name, made where there is none. */
export async function openExternalExperiment(
  store: Store,
  name: string,
  projectId = DEFAULT_PROJECT_ID,
): Promise<Experiment> {
  const known = await findExperimentByName(store, name, projectId);
  if (known) return known;
  try {
    return await createExternalExperiment(store, { name, projectId });
  } catch (error) {
    // Another program was faster.
    const made = await findExperimentByName(store, name, projectId);
    if (made) return made;
    throw error;
  }
}
