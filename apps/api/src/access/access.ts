/** Who asks, as every resolver and route knows it: the principal, and the projects whose things it may be shown. */
import {
  describeRights,
  isSignedIn,
  listProjectsFor,
  type Principal,
} from '@microtome/domain/access/principal';
import type { AuthSettings } from './auth-settings.ts';

export type Access = {
  principal: Principal;
  /** Whose things are listed; null: of all projects. */
  projectIds: readonly string[] | null;
  /** The same for all who see and may the same: what was answered to one may be given to another. */
  key: string;
  /** Where the request comes from. */
  address: string;
  /** How people sign in; null without accounts. */
  settings: AuthSettings | null;
};

export function createAccess(principal: Principal, from: Pick<Access, 'address' | 'settings'>): Access {
  return {
    principal,
    projectIds: listProjectsFor(principal, 'READ'),
    key: describeRights(principal),
    ...from,
  };
}

/** Without accounts: everyone who reaches the server. */
export const LOCAL_ACCESS = createAccess({ kind: 'LOCAL' }, { address: 'local', settings: null });

/** The account that acts, by which what it makes is known; null without sign-in. */
export function readAccountId({ principal }: Access): string | null {
  return isSignedIn(principal) ? principal.accountId : null;
}

/** The condition of Prisma on a record that names its project. */
export function inProjects({ projectIds }: Access): { projectId?: { in: string[] } } {
  return projectIds === null ? {} : { projectId: { in: [...projectIds] } };
}
