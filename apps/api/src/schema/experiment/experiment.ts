/** Experiments: a named question on one dataset, holding runs. */
import type { RunStatus } from '@microtome/domain/run/run-status';
import { createExperiment } from '@microtome/store/experiment/experiments';
import { type Access, inProjects } from '../../access/access.ts';
import { builder } from '../../graphql/builder.ts';
import { findNamed, NAMED_ARGUMENTS } from '../../graphql/find-named.ts';
import { inOrder, NEWEST_FIRST, pageInOrder } from '../../graphql/paging/list-order.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { ProjectRef } from '../access/project.ts';
import { RunStatusEnum } from '../enums.ts';
import { RunRef } from '../run/run.ts';
import { RunConnection } from '../run/run-list.ts';

const StatusCountRef = builder.objectRef<{ status: RunStatus; count: number }>('StatusCount').implement({
  description: 'How many runs have one status.',
  fields: (t) => ({
    status: t.field({
      type: RunStatusEnum,
      description: 'The status.',
      resolve: ({ status }) => status,
    }),
    count: t.exposeInt('count', { description: 'How many runs.' }),
  }),
});

export const ExperimentRef = builder.prismaObject('Experiment', {
  description: 'A named question on one dataset, holding runs.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    name: t.exposeString('name', { description: 'Name, unique within the dataset.' }),
    question: t.exposeString('question', { description: 'What it wants to know; may be empty.' }),
    dataset: t.relation('dataset', {
      nullable: true,
      description: 'The dataset; null where external programs record runs that name none.',
    }),
    project: t.relation('project', { type: ProjectRef, description: 'The project that it is part of.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    runs: t.prismaConnection(
      {
        type: 'Run',
        cursor: 'id',
        extensions: inOrder(NEWEST_FIRST),
        description: 'Its runs, newest first.',
        totalCount: ({ id }, _args, { store }) =>
          store.database.prisma.run.count({ where: { experimentId: id } }),
        resolve: (query, { id }, _args, { store }) =>
          store.database.prisma.run.findMany(
            pageInOrder(query, { where: { experimentId: id }, order: NEWEST_FIRST }),
          ),
      },
      RunConnection,
    ),
    runCounts: t.field({
      type: [StatusCountRef],
      description: 'How many of its runs have which status; statuses without runs are left out.',
      resolve: async ({ id }, _args, { loaders }) => (await loaders.runCounts.load(id)) ?? [],
    }),
    unsafeRunCount: t.int({
      description: 'How many of its runs are on a split that is by patch or failed its leakage audit.',
      resolve: async ({ id }, _args, { loaders }) => (await loaders.unsafeRunCount.load(id)) ?? 0,
    }),
    notLearnedRunCount: t.int({
      description: 'How many of its runs are no better than chance on VALIDATION.',
      resolve: async ({ id }, _args, { loaders }) => (await loaders.notLearnedRunCount.load(id)) ?? 0,
    }),
    bestRun: t.field({
      type: RunRef,
      nullable: true,
      description:
        'Its finished run with the best AUC on VALIDATION; runs on unsafe splits, which flatter, and archived ones do not count.',
      resolve: async ({ id }, _args, { loaders }) => {
        const runId = await loaders.bestRunId.load(id);
        return runId ? ((await loaders.run.load(runId)) ?? null) : null;
      },
    }),
    sweeps: t.relation('sweeps', {
      description: 'Its sweeps, newest first.',
      query: { orderBy: { createdAt: 'desc' } },
    }),
  }),
});

const ExperimentConnection = builder.connectionObject(
  { type: ExperimentRef, name: 'ExperimentConnection', description: 'A page of experiments.' },
  { description: 'An experiment and its place in the list.' },
);

const CreateExperimentInput = builder.inputType('CreateExperimentInput', {
  description: 'A new experiment.',
  fields: (t) => ({
    datasetId: t.id({ required: true, description: 'The dataset.' }),
    taskId: t.id({ description: 'A task of the dataset; its first when left out.' }),
    name: t.string({
      extensions: typed('experimentName'),
      required: true,
      description: 'A name that is not in use on this dataset.',
    }),
    question: t.string({ extensions: typed('question'), description: 'What it wants to know.' }),
  }),
});

builder.queryFields((t) => ({
  experiments: t.prismaConnection(
    {
      type: 'Experiment',
      cursor: 'id',
      extensions: inOrder(NEWEST_FIRST),
      description: 'Experiments, newest first.',
      args: { datasetId: t.arg.id({ description: 'Only those on this dataset.' }) },
      totalCount: (_root, args, { store, access }) =>
        store.database.prisma.experiment.count({ where: matchExperiments(args, access) }),
      resolve: (query, _root, args, { store, access }) =>
        store.database.prisma.experiment.findMany(
          pageInOrder(query, { where: matchExperiments(args, access), order: NEWEST_FIRST }),
        ),
    },
    ExperimentConnection,
  ),
  experiment: t.prismaField({
    type: 'Experiment',
    nullable: true,
    description: 'One experiment by id, or by a name that no other experiment has; null when there is none.',
    args: NAMED_ARGUMENTS,
    resolve: (query, _root, args, { store, access }) =>
      findNamed('experiment', args, {
        byId: (id) => store.database.prisma.experiment.findUnique({ ...query, where: { id } }),
        byName: (named) =>
          store.database.prisma.experiment.findMany({
            ...query,
            where: { ...named, ...inProjects(access) },
            take: 2,
          }),
      }),
  }),
}));

builder.mutationField('createExperiment', (t) =>
  t.field({
    type: ExperimentRef,
    description: 'Makes an experiment.',
    args: { input: t.arg({ type: CreateExperimentInput, required: true, description: 'The experiment.' }) },
    resolve: (_root, { input }, { store }) =>
      createExperiment(store, {
        datasetId: parseRecordId(input.datasetId, 'dataset'),
        taskId: input.taskId ? parseRecordId(input.taskId, 'task') : undefined,
        name: input.name,
        question: input.question ?? undefined,
      }),
  }),
);

function matchExperiments({ datasetId }: { datasetId?: string | null }, access: Access) {
  return {
    ...inProjects(access),
    ...(datasetId ? { datasetId: parseRecordId(datasetId, 'dataset') } : {}),
  };
}
