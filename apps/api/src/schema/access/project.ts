/** Projects: what they are called, and who is in them with which role. */
import type { ROLES } from '@microtome/domain/access/role';
import { createProject, removeProjectMember, setProjectMember } from '@microtome/store/access/projects';
import { builder } from '../../graphql/builder.ts';
import { isRecordId, parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { AccountRef } from './account.ts';

export const RoleEnum = builder.enumType('Role', {
  description: 'What a member may do in a project. Each may do what the one before it may.',
  values: {
    VIEWER: { description: 'See what the project holds.' },
    RESEARCHER: { description: 'Import, split, launch, log, note.' },
    REVIEWER: { description: 'Open TEST, promote, override, set a policy.' },
    OWNER: { description: 'Keep the members, delete data, read the audit log.' },
  } satisfies Record<(typeof ROLES)[number], { description: string }>,
});

const ProjectMemberRef = builder.prismaObject('ProjectMember', {
  description: 'An account in a project.',
  fields: (t) => ({
    account: t.relation('account', { type: AccountRef, description: 'Who.' }),
    role: t.field({ type: RoleEnum, description: 'What they may do.', resolve: ({ role }) => role }),
    since: t.expose('createdAt', { type: 'DateTime', description: 'Since when.' }),
  }),
});

export const ProjectRef = builder.prismaObject('Project', {
  description: 'What holds datasets, experiments and models, and has members of its own.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    name: t.exposeString('name', { description: 'Unique name.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    members: t.relation('members', {
      type: ProjectMemberRef,
      description: 'Who is in it. Owners of the server need not be.',
      query: { orderBy: { createdAt: 'asc' } },
    }),
  }),
});

builder.queryFields((t) => ({
  project: t.prismaField({
    type: ProjectRef,
    nullable: true,
    description: 'One project that you are in, by id or by name; null when there is none.',
    args: {
      id: t.arg.id({ description: 'Id of the project.' }),
      name: t.arg.string({
        extensions: typed('search'),
        description: 'Its name; used when `id` is left out.',
      }),
    },
    resolve: (query, _root, { id, name }, { store }) => {
      if (id ? !isRecordId(id) : !name) return null;
      const where = id ? { id } : { name: name ?? '' };
      return store.database.prisma.project.findUnique({ ...query, where });
    },
  }),
  projects: t.prismaField({
    type: [ProjectRef],
    description: 'The projects that you are in, by name.',
    resolve: (query, _root, _args, { store, access }) =>
      store.database.prisma.project.findMany({
        ...query,
        where: access.projectIds === null ? {} : { id: { in: [...access.projectIds] } },
        orderBy: { name: 'asc' },
      }),
  }),
}));

builder.mutationFields((t) => ({
  createProject: t.field({
    type: ProjectRef,
    description: 'Makes a project without members.',
    args: {
      name: t.arg.string({
        extensions: typed('projectName'),
        required: true,
        description: 'A name that no other has.',
      }),
    },
    resolve: (_root, { name }, { store }) => createProject(store, name),
  }),
  setProjectMember: t.prismaField({
    type: ProjectRef,
    description: 'Makes an account a member of a project, or gives it another role.',
    args: {
      projectId: t.arg.id({ required: true, description: 'The project.' }),
      email: t.arg.string({ extensions: typed('email'), required: true, description: 'Their mail address.' }),
      role: t.arg({ type: RoleEnum, required: true, description: 'What they may do.' }),
    },
    resolve: async (query, _root, { projectId, email, role }, { store }) => {
      const id = parseRecordId(projectId, 'project');
      await setProjectMember(store, { projectId: id, email, role });
      return store.database.prisma.project.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
  removeProjectMember: t.prismaField({
    type: ProjectRef,
    description: 'Takes a member out of a project.',
    args: {
      projectId: t.arg.id({ required: true, description: 'The project.' }),
      accountId: t.arg.id({ required: true, description: 'Who.' }),
    },
    resolve: async (query, _root, { projectId, accountId }, { store }) => {
      const id = parseRecordId(projectId, 'project');
      await removeProjectMember(store, { projectId: id, accountId: parseRecordId(accountId, 'account') });
      return store.database.prisma.project.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
}));
