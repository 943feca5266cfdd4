/** The processes that train. */
import { builder } from '../../graphql/builder.ts';
import { RunRef } from './run.ts';

builder.prismaObject('Worker', {
  description: 'A process that trains.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    hostname: t.exposeString('hostname', { description: 'The machine.' }),
    pid: t.exposeInt('pid', { description: 'The process.' }),
    backends: t.exposeStringList('backends', { description: 'Backends that work there, best first.' }),
    device: t.exposeString('device', { description: 'The device of the best backend.' }),
    versions: t.expose('versions', { type: 'JSON', description: 'Versions of what trains.' }),
    status: t.exposeString('status', { description: 'IDLE, BUSY or GONE.' }),
    currentRun: t.field({
      type: RunRef,
      nullable: true,
      description: 'The run at work; null when idle.',
      resolve: async ({ currentRunId }, _args, { loaders }) =>
        currentRunId ? ((await loaders.run.load(currentRunId)) ?? null) : null,
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it started.' }),
    heartbeatAt: t.expose('heartbeatAt', { type: 'DateTime', description: 'When it last sent a heartbeat.' }),
  }),
});

builder.queryField('workers', (t) =>
  t.prismaField({
    type: ['Worker'],
    description: 'The workers, those that are there before those that are gone.',
    resolve: (query, _root, _args, { store }) =>
      store.database.prisma.worker.findMany({ ...query, orderBy: [{ heartbeatAt: 'desc' }], take: 100 }),
  }),
);
