/** Deletions of runs and datasets: acts in the background that are on record and show how far they are. */
import type { Deletion } from '@microtome/store/generated/prisma/client';
import { inProjects } from '../access/access.ts';
import { builder } from '../graphql/builder.ts';
import { findNewest, NAMED_NEWEST } from '../graphql/find-named.ts';

const DeletionKindEnum = builder.enumType('DeletionKind', {
  description: 'What is deleted.',
  values: {
    RUN: { description: 'A run: its rows went with the request, its files follow.' },
    DATASET: { description: 'A dataset: its patches go in batches, then its files.' },
  } as const,
});

export const DeletionRef = builder.objectRef<Deletion>('Deletion').implement({
  description: 'The deletion of a run or a dataset, from the request to the last byte freed.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    kind: t.field({ type: DeletionKindEnum, description: 'What is deleted.', resolve: ({ kind }) => kind }),
    subjectId: t.exposeID('subjectId', { description: 'Id of the run or dataset.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    requestedBy: t.exposeString('requestedBy', { description: 'Who asked for it; may be empty.' }),
    requestedAt: t.expose('requestedAt', { type: 'DateTime', description: 'When it was asked for.' }),
    rowsTotal: t.exposeInt('rowsTotal', { description: 'Patches to delete.' }),
    rowsDone: t.exposeInt('rowsDone', { description: 'Patches deleted so far.' }),
    bytesTotal: t.expose('bytesTotal', {
      type: 'BigInt',
      description: 'Bytes of its files. Those that something else uses stay.',
    }),
    bytesFreed: t.expose('bytesFreed', { type: 'BigInt', description: 'Bytes freed on the disk so far.' }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last byte was freed; null until then.',
    }),
  }),
});

builder.queryFields((t) => ({
  deletions: t.field({
    type: [DeletionRef],
    description: 'Deletions, newest first.',
    args: {
      first: t.arg.int({ defaultValue: 20, required: true, description: 'How many, at most 200.' }),
      unfinished: t.arg.boolean({
        defaultValue: false,
        required: true,
        description: 'True: open ones only.',
      }),
    },
    resolve: (_root, { first, unfinished }, { store, access }) =>
      store.database.prisma.deletion.findMany({
        where: { ...inProjects(access), ...(unfinished ? { finishedAt: null } : {}) },
        take: Math.max(0, Math.min(first, 200)),
        orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }],
      }),
  }),
  deletion: t.field({
    type: DeletionRef,
    nullable: true,
    description: 'One deletion by id, or the newest of what had this name; null when there is none.',
    args: NAMED_NEWEST,
    resolve: (_root, args, { store, access }) =>
      findNewest(args, {
        byId: (id) => store.database.prisma.deletion.findUnique({ where: { id } }),
        byName: (name) =>
          store.database.prisma.deletion.findFirst({
            where: { name, ...inProjects(access) },
            orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }],
          }),
      }),
  }),
}));
