/**
 * Whether a call of MLflow's protocol may be answered: what it names must be seen by who asks, and may be acted on where it writes.
 * What is not seen is answered as if it were not there. It gives the store as this asker sees it.
 */
import {
  findHomeProject,
  isSignedIn,
  listProjectsFor,
  mayAnywhere,
  mayIn,
  type Principal,
  refuseAct,
} from '@microtome/domain/access/principal';
import type { Act } from '@microtome/domain/access/role';
import { AppError } from '@microtome/domain/app-error';
import { PROJECT_HEADER } from '@microtome/domain/mlflow/mlflow-words';
import { findProjectByNameOrId } from '@microtome/store/access/projects';
import { noLoggedModel } from '@microtome/store/mlflow/logged-models';
import { noExperiment } from '@microtome/store/mlflow/mlflow-experiments';
import { noRun } from '@microtome/store/mlflow/mlflow-runs';
import { type ScopedStore, scopeStore } from '@microtome/store/mlflow/mlflow-scope';
import { listModelProjects, noRegisteredModel } from '@microtome/store/mlflow/registered-models';
import type { Request } from 'express';
import type { ApiServices } from '../services.ts';
import type { NamedRecords } from './named-records.ts';

const MISSING: Record<keyof NamedRecords, (id: string) => AppError> = {
  run: noRun,
  experiment: noExperiment,
  loggedModel: noLoggedModel,
  split: (id) => new AppError('NOT_FOUND', `There is no split '${id}'.`),
  registeredModel: noRegisteredModel,
};
/** By which clients call the default experiment, which is one that they see. */
const DEFAULT_EXPERIMENT_ID = '0';

type Judging = {
  services: ApiServices;
  principal: Principal;
  writes: boolean;
  named: NamedRecords;
  /** The project that the request says it is for, by name or id; null when it says none. */
  project: string | null;
};
export type JudgedCall = { store: ScopedStore /** Those of what it names. */; projectIds: string[] };

/** @throws AppError UNAUTHENTICATED, FORBIDDEN or NOT_FOUND */
export async function judgeCall(judging: Judging): Promise<JudgedCall> {
  const { services, principal, writes } = judging;
  const { store } = services;
  const act: Act = writes ? 'RECORD' : 'READ';
  if (!mayAnywhere(principal, act)) throw refuseAct(principal, act);
  const homeId = await findHome(judging, act);
  const projectIds = isSignedIn(principal) ? await judgeNames(judging, act) : [];
  return {
    store: scopeStore(store, { projectIds: listProjectsFor(principal, act), homeId }),
    projectIds: projectIds.length > 0 || homeId === null ? projectIds : [homeId],
  };
}

export function readProjectHeader(request: Pick<Request, 'header'>): string | null {
  return request.header(PROJECT_HEADER)?.trim() || null;
}

async function findHome({ services, principal, project }: Judging, act: Act): Promise<string | null> {
  if (project === null) return findHomeProject(principal, act);
  const found = await findProjectByNameOrId(services.store, project);
  if (!found || !mayIn(principal, 'READ', found.id)) {
    throw new AppError('NOT_FOUND', `There is no project '${project}'.`);
  }
  if (!mayIn(principal, act, found.id)) throw refuseAct(principal, act);
  return found.id;
}

async function judgeNames({ services, principal, named }: Judging, act: Act): Promise<string[]> {
  const touched = new Set<string>();
  for (const noun of Object.keys(named) as (keyof NamedRecords)[]) {
    const ids = [...new Set(named[noun])].filter(
      (id) => noun !== 'experiment' || id !== DEFAULT_EXPERIMENT_ID,
    );
    const found =
      noun === 'registeredModel'
        ? await listModelProjects(services.store, ids)
        : await services.projects.find(noun, ids);
    for (const id of ids) {
      const own = found.get(noun === 'registeredModel' ? id : id.toLowerCase()) ?? [];
      const seen = own.filter((projectId) => mayIn(principal, 'READ', projectId));
      if (seen.length === 0) throw MISSING[noun](id);
      const open = seen.filter((projectId) => mayIn(principal, act, projectId));
      if (open.length === 0) throw refuseAct(principal, act);
      for (const projectId of open) touched.add(projectId);
    }
  }
  return [...touched];
}
