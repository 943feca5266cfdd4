/**
 * Who asks, and what they may: in which projects, by session or by token. Pure: reading who it is belongs to the store and the
 * API. Without accounts everybody who reaches the server is LOCAL and may do everything.
 */
import { AppError } from '../app-error.ts';
import { type Act, leastRoleFor, type Role, roleMay } from './role.ts';

/** What everything belongs to that was there before projects, and what is made without naming one. */
export const DEFAULT_PROJECT_ID = '00000000-0000-7000-8000-000000000001';

type Grant = { projectId: string; role: Role };

export type SignedIn = {
  kind: 'SESSION' | 'TOKEN';
  /** Of the session (its hash) or the token. */
  credentialId: string;
  accountId: string;
  name: string;
  /** Of the whole server: OWNER in every project, and the one who keeps accounts and projects. */
  isOwner: boolean;
  grants: readonly Grant[];
  /** What a token may at most; null of a session. */
  scopes: readonly Act[] | null;
  /** The one project that a token is for; null for all of its account's. */
  onlyProjectId: string | null;
};

export type Principal = { kind: 'LOCAL' } | { kind: 'STRANGER' } | SignedIn;

/** Whether this act is allowed in this project. */
export function mayIn(principal: Principal, act: Act, projectId: string): boolean {
  if (!isSignedIn(principal)) return principal.kind === 'LOCAL';
  if (!mayAtMost(principal, act)) return false;
  if (principal.onlyProjectId !== null && principal.onlyProjectId !== projectId) return false;
  if (principal.isOwner) return true;
  return principal.grants.some((grant) => grant.projectId === projectId && roleMay(grant.role, act));
}

/** Whether this act is allowed in any project. */
export function mayAnywhere(principal: Principal, act: Act): boolean {
  const projectIds = listProjectsFor(principal, act);
  return projectIds === null || projectIds.length > 0;
}

/** The projects in which this act is allowed; null for all there are. */
export function listProjectsFor(principal: Principal, act: Act): string[] | null {
  if (!isSignedIn(principal)) return principal.kind === 'LOCAL' ? null : [];
  if (principal.isOwner && principal.onlyProjectId === null && mayAtMost(principal, act)) return null;
  const known = principal.onlyProjectId ?? principal.grants.map(({ projectId }) => projectId);
  return [known].flat().filter((projectId) => mayIn(principal, act, projectId));
}

/**
 * Where what names no project is made: the one that a token is for, else the first project, else the only one where this act is
 * allowed; null where several would do.
 */
export function findHomeProject(principal: Principal, act: Act): string | null {
  if (mayIn(principal, act, DEFAULT_PROJECT_ID)) return DEFAULT_PROJECT_ID;
  const projectIds = listProjectsFor(principal, act) ?? [];
  return projectIds.length === 1 ? projectIds[0]! : null;
}

/** BAD_INPUT where several projects would do, else what `refuseAct` says where none would. */
export function requireHomeProject(principal: Principal, act: Act): string {
  const homeId = findHomeProject(principal, act);
  if (homeId !== null) return homeId;
  if (!mayAnywhere(principal, act)) throw refuseAct(principal, act);
  throw new AppError('BAD_INPUT', 'You work in several projects: name one by `projectId`.');
}

/** Whether accounts and projects may be kept: by an owner of the server who is there in person. */
export function mayAdminister(principal: Principal): boolean {
  return principal.kind === 'SESSION' && principal.isOwner;
}

export function isSignedIn(principal: Principal): principal is SignedIn {
  return principal.kind === 'SESSION' || principal.kind === 'TOKEN';
}

/** Two principals of the same key see and may the same. */
export function describeRights(principal: Principal): string {
  if (!isSignedIn(principal)) return principal.kind;
  const { isOwner, grants, scopes, onlyProjectId } = principal;
  const sorted = grants.map(({ projectId, role }) => `${projectId}:${role}`).sort();
  return JSON.stringify([principal.kind, isOwner, isOwner ? [] : sorted, scopes, onlyProjectId]);
}

/** UNAUTHENTICATED for a stranger, else FORBIDDEN with what it takes. */
export function refuseAct(principal: Principal, act: Act): AppError {
  if (!isSignedIn(principal)) return askToSignIn();
  if (!mayAtMost(principal, act)) {
    return new AppError('FORBIDDEN', `This token lacks the scope ${act}.`);
  }
  return new AppError(
    'FORBIDDEN',
    `'${principal.name}' may not do this: it takes the role ${leastRoleFor(act)} in the project.`,
  );
}

export function askToSignIn(): AppError {
  return new AppError(
    'UNAUTHENTICATED',
    'Sign in first, or send a token: `Authorization: Bearer <token>`. What was sent is missing, wrong or out of date.',
  );
}

function mayAtMost({ scopes }: SignedIn, act: Act): boolean {
  return scopes === null || scopes.includes(act);
}
