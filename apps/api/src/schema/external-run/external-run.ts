/** What only a run of an external program has: who records it and when it was last heard, tags with values, files by path. */
import { listRunFiles, type RunFileEntry } from '@microtome/store/external-run/run-files';
import { builder } from '../../graphql/builder.ts';
import { typed } from '../../graphql/typed-text.ts';
import { RunRef } from '../run/run.ts';

builder.prismaObject('ExternalRun', {
  description: 'How an external program and its run stand.',
  fields: (t) => ({
    client: t.exposeString('client', { description: 'The program, as it calls itself; may be empty.' }),
    heardAt: t.expose('heardAt', {
      type: 'DateTime',
      description: 'When it was last heard, give or take seconds.',
    }),
    silentSince: t.expose('silentSince', {
      type: 'DateTime',
      nullable: true,
      description: 'Set when a RUNNING run was not heard for ten minutes; null once it is heard again.',
    }),
  }),
});

builder.prismaObject('RunLabel', {
  description: 'A tag with a value.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Its key, once a run.' }),
    value: t.exposeString('value', { description: 'Its value.' }),
  }),
});

const RunFileRef = builder.objectRef<RunFileEntry & { runId: string }>('RunFile').implement({
  description: 'A file that a program keeps with its run, or a folder of such files.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Its path within the run.' }),
    isFolder: t.exposeBoolean('isFolder', { description: 'Whether files lie in it.' }),
    bytes: t.expose('bytes', { type: 'BigInt', nullable: true, description: 'Its size; null for a folder.' }),
    url: t.string({
      nullable: true,
      description: 'Path of the file below the API’s address; null for a folder.',
      resolve: ({ runId, path, isFolder }) =>
        isFolder ? null : `/runs/${runId}/files/${path.split('/').map(encodeURIComponent).join('/')}`,
    }),
  }),
});

builder.prismaObjectFields(RunRef, (t) => ({
  external: t.relation('external', {
    nullable: true,
    description: 'Set for a run of origin EXTERNAL: how its program stands.',
  }),
  labels: t.relation('labels', {
    description: 'Its tags with values, by key.',
    query: { orderBy: { key: 'asc' } },
  }),
  files: t.field({
    type: [RunFileRef],
    description: 'What lies directly in one of its folders, by path.',
    args: {
      folder: t.arg.string({
        extensions: typed('search'),
        description: 'The folder; the top when left out.',
      }),
    },
    resolve: async ({ id }, { folder }, { store }) =>
      (await listRunFiles(store, { runId: id, folder: folder ?? '' })).map((entry) => ({
        ...entry,
        runId: id,
      })),
  }),
}));
