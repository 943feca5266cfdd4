/** Sweeps: sets of runs launched together, ranked on VALIDATION. */
import { rankRuns } from '@microtome/domain/sweep/sweep-ranking';
import type { Prisma } from '@microtome/store/generated/prisma/client';
import { listRankable, type RankableRun } from '@microtome/store/sweep/sweep-rungs';
import { cancelSweep } from '@microtome/store/sweep/sweeps';
import { type Access, inProjects } from '../../access/access.ts';
import { builder } from '../../graphql/builder.ts';
import { findNamed, NAMED_ARGUMENTS } from '../../graphql/find-named.ts';
import { inOrder, NEWEST_FIRST, pageInOrder } from '../../graphql/paging/list-order.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { SweepStrategyEnum } from '../enums.ts';
import { RunRef } from '../run/run.ts';

type SweepRow = Prisma.SweepGetPayload<object>;
type Rung = { number: number; epochs: number; runCount: number; isMade: boolean };

const RankedRunRef = builder.objectRef<RankableRun & { rank: number | null }>('RankedRun').implement({
  description: 'A run of a sweep and where it stands by the metric on VALIDATION.',
  fields: (t) => ({
    rank: t.exposeInt('rank', { nullable: true, description: 'From 1, best first; null without a figure.' }),
    run: t.field({ type: RunRef, description: 'The run.', resolve: ({ run }) => run }),
    value: t.exposeFloat('value', {
      nullable: true,
      description: 'The metric on VALIDATION; null before the run SUCCEEDED.',
    }),
  }),
});

export const SweepRungRef = builder.objectRef<Rung>('SweepRung').implement({
  description:
    'One round of a HALVING. Its runs start from new weights: a schedule spans the epochs of its own run.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'From 0, as `Run.sweepRung`.' }),
    epochs: t.exposeInt('epochs', { description: 'Epochs of each of its runs.' }),
    runCount: t.exposeInt('runCount', { description: 'Planned runs; fewer are made when too few succeed.' }),
    isMade: t.exposeBoolean('isMade', { description: 'Whether its runs are there.' }),
  }),
});

export const SweepRef = builder.prismaObject('Sweep', {
  description: 'A set of runs launched together, ranked on VALIDATION. It never opens TEST by itself.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    name: t.exposeString('name', { description: 'Name.' }),
    strategy: t.expose('strategy', { type: SweepStrategyEnum, description: 'How its runs differ.' }),
    definition: t.expose('definition', {
      type: 'JSON',
      description: 'What was asked for, with the splits, the metric and the planned rungs.',
    }),
    experiment: t.relation('experiment', { description: 'The experiment.' }),
    runs: t.relation('runs', {
      description: 'Its runs, in launch order.',
      query: { orderBy: { id: 'asc' } },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was launched.' }),
    canceledAt: t.expose('canceledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was canceled.',
    }),
  }),
});

builder.prismaObjectFields(SweepRef, (t) => ({
  metric: t.string({
    description: 'The metric of VALIDATION evaluations by which its runs are ranked.',
    resolve: (sweep) => sweep.definition.metric,
  }),
  variedKeys: t.stringList({
    description: 'The hyperparameters in which its runs differ, as asked for.',
    resolve: listVariedKeys,
  }),
  rungs: t.field({
    type: [SweepRungRef],
    description: 'HALVING: its rungs, first to last; empty in other sweeps.',
    resolve: (sweep) =>
      sweep.definition.rungs.map(({ epochs, runs }, number) => {
        return { number, epochs, runCount: runs, isMade: number < sweep.rungsMade };
      }),
  }),
  ranking: t.field({
    type: [RankedRunRef],
    description: 'Its runs, best on VALIDATION first; of a HALVING the last rung first.',
    resolve: async (sweep, _args, { store }) => {
      const metric = sweep.definition.metric;
      const runs = await listRankable(store.database.prisma, { sweepId: sweep.id, metric });
      return rankRuns(runs, metric).map((run, at) => ({ ...run, rank: run.value === null ? null : at + 1 }));
    },
  }),
  settled: t.boolean({
    description: 'True when no run of it waits or trains and no rung is to follow.',
    resolve: async ({ id }, _args, { loaders }) => (await loaders.sweepSettled.load(id)) ?? false,
  }),
}));

const SweepConnection = builder.connectionObject(
  { type: SweepRef, name: 'SweepConnection', description: 'A page of sweeps.' },
  { description: 'A sweep and its place in the list.' },
);

builder.queryFields((t) => ({
  sweeps: t.prismaConnection(
    {
      type: 'Sweep',
      cursor: 'id',
      extensions: inOrder(NEWEST_FIRST),
      description: 'Sweeps, newest first.',
      args: { experimentId: t.arg.id({ description: 'Only those of this experiment.' }) },
      totalCount: (_root, args, { store, access }) =>
        store.database.prisma.sweep.count({ where: matchSweeps(args, access) }),
      resolve: (query, _root, args, { store, access }) =>
        store.database.prisma.sweep.findMany(
          pageInOrder(query, { where: matchSweeps(args, access), order: NEWEST_FIRST }),
        ),
    },
    SweepConnection,
  ),
  sweep: t.prismaField({
    type: 'Sweep',
    nullable: true,
    description: 'One sweep by id, or by a name that no other sweep has; null when there is none.',
    args: NAMED_ARGUMENTS,
    resolve: (query, _root, args, { store, access }) =>
      findNamed('sweep', args, {
        byId: (id) => store.database.prisma.sweep.findUnique({ ...query, where: { id } }),
        byName: ({ name, dataset }) =>
          store.database.prisma.sweep.findMany({
            ...query,
            where: { name, experiment: { ...(dataset ? { dataset } : {}), ...inProjects(access) } },
            take: 2,
          }),
      }),
  }),
}));

builder.mutationField('cancelSweep', (t) =>
  t.field({
    type: SweepRef,
    description: 'Cancels every run of a sweep that is not settled, and keeps a HALVING from making more.',
    args: { id: t.arg.id({ required: true, description: 'Id of the sweep.' }) },
    resolve: (_root, { id }, { store }) => cancelSweep(store, parseRecordId(id, 'sweep')),
  }),
);

function matchSweeps({ experimentId }: { experimentId?: string | null }, access: Access) {
  return {
    experiment: inProjects(access),
    ...(experimentId ? { experimentId: parseRecordId(experimentId, 'experiment') } : {}),
  };
}

function listVariedKeys({ strategy, definition }: SweepRow): string[] {
  if (strategy === 'SEEDS') return ['seed'];
  return Object.keys(definition.space ?? {});
}
