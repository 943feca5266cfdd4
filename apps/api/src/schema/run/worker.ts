/** The processes that train. */
import { builder } from '../../graphql/builder.ts';
import { typed } from '../../graphql/typed-text.ts';
import { RunRef } from './run.ts';

builder.prismaObject('Worker', {
  description: 'A process that trains.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    hostname: t.exposeString('hostname', { description: 'The machine.' }),
    pid: t.exposeInt('pid', { description: 'The process.' }),
    backends: t.exposeStringList('backends', { description: 'Backends that work there, best first.' }),
    precisions: t.exposeStringList('precisions', {
      description:
        'In which it can train: float32, and bf16 where its native TensorFlow and its processor have it.',
    }),
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

builder.queryFields((t) => ({
  workers: t.prismaField({
    type: ['Worker'],
    description: 'The workers, those that are there before those that are gone.',
    resolve: (query, _root, _args, { store }) =>
      store.database.prisma.worker.findMany({ ...query, orderBy: [{ heartbeatAt: 'desc' }], take: 100 }),
  }),
  worker: t.prismaField({
    type: 'Worker',
    nullable: true,
    description: 'One worker by id, or the last heard of on a machine; null when there is none.',
    args: {
      id: t.arg.id({ description: 'Its id.' }),
      hostname: t.arg.string({
        extensions: typed('search'),
        description: 'Its machine; used when `id` is left out.',
      }),
    },
    resolve: (query, _root, { id, hostname }, { store }) =>
      id || hostname
        ? store.database.prisma.worker.findFirst({
            ...query,
            where: id ? { id } : { hostname: hostname ?? '' },
            orderBy: [{ heartbeatAt: 'desc' }, { id: 'desc' }],
          })
        : null,
  }),
}));
