/**
 * Names of datasets, models and reports are unique within a project. A name is looked for in the projects that the asker sees; where
 * several of these have it, the asker has to say which project is meant.
 */
import { AppError } from '@microtome/domain/app-error';
import { whereProject } from './projects.ts';

type NamePlace = {
  /** The projects that are seen; null: all. */
  projectIds: readonly string[] | null;
  /** The name or id of the one that is meant; null where the asker says none. */
  project?: string | null | undefined;
};

/** The condition of Prisma on a record that names its project. Two that meet it are enough to know that the name is not unique. */
export function whereNamed(name: string, { projectIds, project }: NamePlace) {
  return {
    name,
    ...(projectIds === null ? {} : { projectId: { in: [...projectIds] } }),
    ...(project ? { project: whereProject(project) } : {}),
  };
}

/** The only one, null for none. @throws AppError BAD_INPUT where there are several */
export function chooseNamed<Row>(
  noun: 'dataset' | 'model' | 'report',
  name: string,
  [row, other]: readonly Row[],
): Row | null {
  if (!other) return row ?? null;
  throw new AppError(
    'BAD_INPUT',
    `More than one project has a ${noun} '${name}': ${noun === 'model' ? `name its project too, as in 'PROJECT/${name}'` : 'name its project too'}.`,
  );
}
