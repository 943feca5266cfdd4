/** Imports: starting, following and canceling one. The work itself runs in a process of its own. */

import { cancelDatasetImport } from '@microtome/store/dataset/dataset-imports';
import { followDatasetImport } from '@microtome/store/dataset/follow-dataset-import';
import { startDatasetImport } from '@microtome/store/import/start-dataset-import';
import { inProjects, readAccountId } from '../../access/access.ts';
import { builder } from '../../graphql/builder.ts';
import { findNewest, NAMED_NEWEST } from '../../graphql/find-named.ts';
import { placeIn } from '../../graphql/home-project.ts';
import { MAX_PAGE_SIZE } from '../../graphql/page-size.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { ImportStatusEnum } from '../enums.ts';
import { ImportDatasetInput, readImportInput } from './import-input.ts';

export const DatasetImportRef = builder.prismaObject('DatasetImport', {
  description: 'One import of a folder or zip, while it runs and after it ended.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    name: t.exposeString('name', { description: 'The name that the dataset gets.' }),
    sourcePath: t.exposeString('sourcePath', { description: 'The folder or zip on the machine of the API.' }),
    status: t.expose('status', { type: ImportStatusEnum, description: 'Where it stands.' }),
    phase: t.exposeString('phase', { description: 'What it does: scanning, decoding, saving, done.' }),
    filesTotal: t.exposeInt('filesTotal', { description: 'Files to look at, as far as known.' }),
    filesDone: t.exposeInt('filesDone', { description: 'Files looked at so far.' }),
    filesRefused: t.exposeInt('filesRefused', { description: 'Files refused so far.' }),
    filesPerSecond: t.exposeFloat('filesPerSecond', { nullable: true, description: 'Rate at present.' }),
    secondsLeft: t.exposeFloat('secondsLeft', { nullable: true, description: 'Estimate of the time left.' }),
    error: t.exposeString('error', { nullable: true, description: 'Why it failed, as a sentence.' }),
    reused: t.exposeBoolean('reused', {
      description: 'True when the same bytes had been imported before: no second dataset was made.',
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it started.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    dataset: t.relation('dataset', { nullable: true, description: 'The dataset, once it is there.' }),
  }),
});

builder.queryFields((t) => ({
  datasetImports: t.prismaField({
    type: ['DatasetImport'],
    description: 'Imports, newest first.',
    args: {
      first: t.arg.int({
        defaultValue: 20,
        required: true,
        description: `How many, at most ${MAX_PAGE_SIZE}.`,
      }),
    },
    resolve: (query, _root, { first }, { store, access }) =>
      store.database.prisma.datasetImport.findMany({
        ...query,
        where: inProjects(access),
        take: first,
        orderBy: { startedAt: 'desc' },
      }),
  }),
  datasetImport: t.prismaField({
    type: 'DatasetImport',
    nullable: true,
    description: 'One import by id, or the newest of a name; null when there is none.',
    args: NAMED_NEWEST,
    resolve: (query, _root, args, { store, access }) =>
      findNewest(args, {
        byId: (id) => store.database.prisma.datasetImport.findUnique({ ...query, where: { id } }),
        byName: (name) =>
          store.database.prisma.datasetImport.findFirst({
            ...query,
            where: { name, ...inProjects(access) },
            orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
          }),
      }),
  }),
}));

builder.mutationFields((t) => ({
  importDataset: t.field({
    type: DatasetImportRef,
    description: 'Starts an import and returns at once; follow it by the subscription `datasetImport`.',
    args: { input: t.arg({ type: ImportDatasetInput, required: true, description: 'What to import.' }) },
    resolve: async (_root, { input }, { store, importRoots, access }) => {
      const projectId = placeIn(access, input.projectId);
      const options = { ...(await readImportInput(input, importRoots)), projectId };
      return startDatasetImport(store, options, readAccountId(access));
    },
  }),
  cancelImport: t.field({
    type: DatasetImportRef,
    description: 'Asks an import to stop; it leaves nothing behind. No effect on one that has ended.',
    args: { id: t.arg.id({ required: true, description: 'Id of the import.' }) },
    resolve: (_root, { id }, { store }) => cancelDatasetImport(store, parseRecordId(id, 'import')),
  }),
}));

builder.subscriptionField('datasetImport', (t) =>
  t.field({
    type: DatasetImportRef,
    description: 'The state of an import now, then each change; ends when the import has ended.',
    args: { id: t.arg.id({ required: true, description: 'Id of the import.' }) },
    subscribe: (_root, { id }, { store, listener, signal }) =>
      followDatasetImport(store, { importId: parseRecordId(id, 'import'), listener, signal }),
    resolve: (datasetImport) => datasetImport,
  }),
);
