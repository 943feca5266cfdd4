/** Projects and their members: made, listed, and who has which role. */
import type { Role } from '@microtome/domain/access/role';
import { AppError } from '@microtome/domain/app-error';
import { checkText } from '@microtome/domain/text-rules';
import type { Project, ProjectMember } from '../../generated/prisma/client.ts';
import { rethrowTaken } from '../database/database-errors.ts';
import type { Store } from '../store.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** NOT_FOUND when there is none. */
export async function getProject({ database: { prisma } }: Store, projectId: string): Promise<Project> {
  const project = await prisma.project.findUnique({ where: { id: projectId } });
  if (!project) throw new AppError('NOT_FOUND', `There is no project '${projectId}'.`);
  return project;
}

/** The condition of Prisma on the project that a text names, by its id or its name. */
export function whereProject(nameOrId: string): { id: string } | { name: string } {
  return UUID.test(nameOrId) ? { id: nameOrId } : { name: nameOrId };
}

/** Null when there is none. */
export async function findProjectByNameOrId(
  { database: { prisma } }: Pick<Store, 'database'>,
  nameOrId: string,
): Promise<Project | null> {
  return prisma.project.findUnique({ where: whereProject(nameOrId) });
}

/** NOT_FOUND when there is none. */
export async function getProjectByNameOrId(
  store: Pick<Store, 'database'>,
  nameOrId: string,
): Promise<Project> {
  const project = await findProjectByNameOrId(store, nameOrId);
  if (!project) throw new AppError('NOT_FOUND', `There is no project '${nameOrId}'.`);
  return project;
}

/** CONFLICT when there is one of this name. */
export async function createProject({ database: { prisma } }: Store, typedName: string): Promise<Project> {
  const name = checkText(typedName, 'projectName');
  return prisma.project
    .create({ data: { name } })
    .catch((error: unknown) => rethrowTaken(error, `There is a project '${name}' already.`));
}

type Membership = { projectId: string; email: string; role: Role };

/** Makes an account a member, or gives it another role. NOT_FOUND where no account has this address. */
export async function setProjectMember(
  { database: { prisma } }: Store,
  { projectId, email, role }: Membership,
): Promise<ProjectMember> {
  const account = await prisma.account.findUnique({ where: { email: email.trim().toLowerCase() } });
  if (!account) {
    throw new AppError('NOT_FOUND', `'${email}' has no account here. An owner of the server invites people.`);
  }
  const key = { projectId, accountId: account.id };
  return prisma.projectMember.upsert({
    where: { projectId_accountId: key },
    create: { ...key, role },
    update: { role },
  });
}

/** NOT_FOUND where the account is no member. */
export async function removeProjectMember(
  { database: { prisma } }: Store,
  { projectId, accountId }: { projectId: string; accountId: string },
): Promise<void> {
  const { count } = await prisma.projectMember.deleteMany({ where: { projectId, accountId } });
  if (count === 0) throw new AppError('NOT_FOUND', `Account '${accountId}' is no member of this project.`);
}
