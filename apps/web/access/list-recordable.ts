/** The projects that one may record in, of those that one sees. Pure. */
import type { AccessQuery, ProjectNamesQuery } from '../graphql/generated/graphql.ts';

type Me = NonNullable<AccessQuery['me']>;
type Project = ProjectNamesQuery['projects'][number];

/** An owner of the server may in all of them, also where they are no member. */
export function listRecordable(
  me: { account: Pick<Me['account'], 'isOwner'>; roles: Pick<Me, 'roles'>['roles'] },
  projects: readonly Project[],
): Project[] {
  const open = new Set(
    me.roles.filter(({ role }) => role !== 'VIEWER').flatMap(({ project }) => project?.id ?? []),
  );
  return projects.filter(({ id }) => me.account.isOwner || open.has(id));
}
