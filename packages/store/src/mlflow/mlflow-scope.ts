/**
 * What one asker of MLflow's protocol sees, and where what they make goes: names and lists are looked for in these projects
 * alone. Ids that a call names are judged before it is answered.
 */
import { DEFAULT_PROJECT_ID } from '@microtome/domain/access/principal';
import { AppError } from '@microtome/domain/app-error';
import { PROJECT_HEADER, PROJECT_TAG } from '@microtome/domain/mlflow/mlflow-words';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';

type MlflowScope = {
  /** Null: all projects. */
  projectIds: readonly string[] | null;
  /** Where what names no project is made, and looked for first; null where several would do. */
  homeId: string | null;
};

export type ScopedStore = Store & { readonly scope: MlflowScope };

export function scopeStore(store: Store, scope: MlflowScope): ScopedStore {
  return { ...store, scope };
}

/** Of an asker who sees everything. */
export function seeAll(store: Store): ScopedStore {
  return scopeStore(store, { projectIds: null, homeId: DEFAULT_PROJECT_ID });
}

/** BAD_INPUT where several projects would do. */
export function requireHome({ homeId }: MlflowScope): string {
  if (homeId !== null) return homeId;
  throw new AppError(
    'BAD_INPUT',
    `You work in several projects: name one by a token that is for it, by the header '${PROJECT_HEADER}', or by the tag '${PROJECT_TAG}'.`,
  );
}

/** The condition on the project that a column names. */
export function isInScope({ projectIds }: MlflowScope, projectId: Prisma.Sql): Prisma.Sql {
  return projectIds === null ? Prisma.sql`true` : Prisma.sql`${projectId} = any(${[...projectIds]}::uuid[])`;
}

/** The same, as a condition of Prisma on a record that names its project. */
export function inScope({ projectIds }: MlflowScope): { projectId?: { in: string[] } } {
  return projectIds === null ? {} : { projectId: { in: [...projectIds] } };
}

/** What stands at home comes first. */
export function homeFirst({ homeId }: MlflowScope, projectId: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(${projectId} = ${homeId}::uuid) desc nulls last`;
}
