/**
 * Whether a need is met: the one place that says yes. What a person may not even see is to them as if it were not there, in the
 * words that they would read then.
 */
import {
  askToSignIn,
  isSignedIn,
  listProjectsFor,
  mayAdminister,
  mayAnywhere,
  mayIn,
  type Principal,
  refuseAct,
  requireHomeProject,
} from '@microtome/domain/access/principal';
import type { Act } from '@microtome/domain/access/role';
import { AppError } from '@microtome/domain/app-error';
import type { SubjectNoun } from '@microtome/store/access/subject-projects';
import { type Need, readPath, type Subject } from './need.ts';
import type { ProjectIndex } from './project-index.ts';

/** As sentences name them. */
const NOUNS: Partial<Record<SubjectNoun, string>> = {
  modelVersion: 'model version',
  externalEvaluation: 'external evaluation',
  slideAnalysis: 'slide analysis',
};

type Judging = {
  principal: Principal;
  /** Undefined where the tables say nothing: nobody may, but without accounts. */
  need: Need | undefined;
  /** The arguments of the field, or the parameters of the route. */
  named: Record<string, unknown>;
  projects: ProjectIndex;
};

/** The projects of what is named. @throws AppError UNAUTHENTICATED, FORBIDDEN or NOT_FOUND */
export async function requireNeed({ principal, need, named, projects }: Judging): Promise<string[]> {
  if (principal.kind === 'LOCAL' || need?.kind === 'ANYONE') return [];
  if (!isSignedIn(principal)) throw askToSignIn();
  switch (need?.kind) {
    case 'PERSON':
      if (principal.kind === 'SESSION') return [];
      throw new AppError('FORBIDDEN', 'A token may not do this: sign in as a person.');
    case 'ADMINISTRATOR':
      if (mayAdminister(principal)) return [];
      throw new AppError(
        'FORBIDDEN',
        `'${principal.name}' may not do this: it takes an owner of the server.`,
      );
    case 'EVERYWHERE':
      if (await seesAll(principal, need.act, projects)) return [];
      throw new AppError('FORBIDDEN', `'${principal.name}' may not do this: it is of all projects.`);
    case 'ACT':
      return requireAct({ principal, act: need.act, subjects: need.subjects, named, projects });
    default:
      throw new AppError('FORBIDDEN', 'No role may do this yet.');
  }
}

type ActJudging = Omit<Judging, 'need'> & { act: Act; subjects: readonly Subject[] };

async function requireAct({ principal, act, subjects, named, projects }: ActJudging): Promise<string[]> {
  const touched = new Set<string>();
  for (const { noun, ids } of placeSilent(listSubjects(subjects, named), principal, act)) {
    const found = await projects.find(noun, ids);
    for (const id of ids) {
      const projectIds = found.get(id.toLowerCase()) ?? [];
      if (!projectIds.some((projectId) => mayIn(principal, 'READ', projectId))) {
        // Also where it is not there: nobody can tell the two apart.
        throw new AppError('NOT_FOUND', `There is no ${NOUNS[noun] ?? noun} '${id}'.`);
      }
      if (!projectIds.some((projectId) => mayIn(principal, act, projectId))) throw refuseAct(principal, act);
      for (const projectId of projectIds) if (mayIn(principal, act, projectId)) touched.add(projectId);
    }
  }
  if (touched.size === 0 && !mayAnywhere(principal, act)) throw refuseAct(principal, act);
  return [...touched];
}

/** The projects of all that a need names, seen or not. */
export async function listTouched(
  projects: ProjectIndex,
  need: Need | undefined,
  named: Record<string, unknown>,
): Promise<string[]> {
  if (need?.kind !== 'ACT') return [];
  const found = await Promise.all(
    listSubjects(need.subjects, named).map(({ noun, ids }) => projects.find(noun, ids)),
  );
  return [...new Set(found.flatMap((ofNoun) => [...ofNoun.values()].flat()))];
}

type Listed = { noun: SubjectNoun; ids: string[] };

function listSubjects(subjects: readonly Subject[], named: Record<string, unknown>): Listed[] {
  return subjects.map(({ noun, at }) => ({
    noun,
    ids: [readPath(named, at)].flat().flatMap((id) => (id === null || id === undefined ? [] : [String(id)])),
  }));
}

/** What is made without naming anything belongs to the home of who asks. */
function placeSilent(listed: Listed[], principal: Principal, act: Act): Listed[] {
  const takesProject = listed.some(({ noun }) => noun === 'project');
  if (!takesProject || listed.some(({ ids }) => ids.length > 0)) return listed;
  return [{ noun: 'project', ids: [requireHomeProject(principal, act)] }];
}

/** An owner of the server, or a person who may in each project that there is. */
async function seesAll(principal: Principal, act: Act, projects: ProjectIndex): Promise<boolean> {
  const own = listProjectsFor(principal, act);
  return own === null || (own.length > 0 && (await projects.listAll()).every((id) => own.includes(id)));
}
