/** Lists of runs: filtered, sorted and paged in the database. */

import { AppError } from '@microtome/domain/app-error';
import { listLearnedRunIds } from '@microtome/store/evaluation/learned-runs';
import { RUN_ORDERS, type RunListFilter } from '@microtome/store/run/run-list';
import { queryFromInfo } from '@pothos/plugin-prisma';
import { builder } from '../../graphql/builder.ts';
import type { ApiContext } from '../../graphql/context.ts';
import { decodeCursor, encodeCursor } from '../../graphql/cursor.ts';
import { DEFAULT_PAGE_SIZE } from '../../graphql/page-size.ts';
import { isRecordId, parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { RunStatusEnum, SortDirectionEnum } from '../enums.ts';
import { LearningStateEnum } from '../evaluation/learning.ts';
import { RunRef } from './run.ts';

export const RunConnection = builder.connectionObject(
  { type: RunRef, name: 'RunConnection', description: 'A page of runs.' },
  { description: 'A run and its place in the list.' },
);

const RunFilterInput = builder.inputType('RunFilter', {
  description: 'Which runs; every given condition must hold.',
  fields: (t) => ({
    experimentId: t.id({ description: 'Of this experiment.' }),
    splitId: t.id({ description: 'On this split.' }),
    datasetId: t.id({ description: 'On this dataset.' }),
    sweepId: t.id({ description: 'Of this sweep.' }),
    status: t.field({ type: [RunStatusEnum], description: 'With one of these statuses.' }),
    learning: t.field({
      type: [LearningStateEnum],
      description: 'Evaluated, and in one of these states of `Run.learning`.',
    }),
    architecture: t.stringList({ extensions: typed('word'), description: 'With one of these networks.' }),
    tag: t.string({ extensions: typed('search'), description: 'With this tag.' }),
    search: t.string({
      extensions: typed('search'),
      description: 'Whose name, notes or tags contain this text, in any case.',
    }),
    settingOf: t.id({ description: 'Of the same setting as this run: only their seeds differ.' }),
    groupSeeds: t.boolean({
      description:
        'True: one run of each setting among those that match, the newest that SUCCEEDED; `setting` tells of the others.',
    }),
    archived: t.boolean({
      description: 'True: archived ones only; false: the others only. Both when left out.',
    }),
  }),
});

const orderNames = Object.keys(RUN_ORDERS) as (keyof typeof RUN_ORDERS)[];
const RunOrderFieldEnum = builder.enumType('RunOrderField', {
  description: 'What runs can be sorted by.',
  values: Object.fromEntries(
    orderNames.map((name) => [name, { value: name, description: RUN_ORDERS[name].description }]),
  ) as Record<(typeof orderNames)[number], { value: (typeof orderNames)[number]; description: string }>,
});

const RunOrderInput = builder.inputType('RunOrder', {
  description: 'The order of a list of runs.',
  fields: (t) => ({
    field: t.field({ type: RunOrderFieldEnum, required: true, description: 'What to sort by.' }),
    direction: t.field({ type: SortDirectionEnum, required: true, description: 'Which end comes first.' }),
  }),
});

builder.queryFields((t) => ({
  runs: t.connection(
    {
      type: RunRef,
      description: 'Runs, newest first unless told otherwise.',
      args: {
        filter: t.arg({ type: RunFilterInput, description: 'Which runs.' }),
        orderBy: t.arg({ type: RunOrderInput, description: 'In which order.' }),
      },
      resolve: (_root, args, context, info) => {
        const query = queryFromInfo({ context, info, typeName: 'Run', paths: [['edges', 'node']] });
        return listRuns({ args, context, query });
      },
    },
    RunConnection,
  ),
  run: t.prismaField({
    type: 'Run',
    nullable: true,
    description: 'One run; null when there is none with this id.',
    args: { id: t.arg.id({ required: true, description: 'Id of the run.' }) },
    resolve: (query, _root, { id }, { store }) =>
      isRecordId(id) ? store.database.prisma.run.findUnique({ ...query, where: { id } }) : null,
  }),
}));

type RunListArgs = {
  filter?: typeof RunFilterInput.$inferInput | null;
  orderBy?: typeof RunOrderInput.$inferInput | null;
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
};

/** One page: the ids in order from one statement, then their rows with what was selected beneath them. */
async function listRuns(request: { args: RunListArgs; context: ApiContext; query: object }) {
  const { args, context, query } = request;
  if (typeof args.last === 'number' || typeof args.before === 'string')
    throw new AppError('BAD_INPUT', 'Runs page forward only: use `first` and `after`.');
  const page = await listLearnedRunIds(context.store, {
    states: args.filter?.learning ?? null,
    filter: parseFilter(args.filter ?? {}),
    order: args.orderBy ?? { field: 'CREATED_AT', direction: 'DESC' },
    take: args.first ?? DEFAULT_PAGE_SIZE,
    afterRunId: typeof args.after === 'string' ? decodeCursor(args.after) : null,
  });
  const rows = await context.store.database.prisma.run.findMany({
    ...query,
    where: { id: { in: page.runIds } },
  });
  const byId = new Map(rows.map((run) => [run.id, run]));
  const edges = page.runIds.flatMap((runId) => {
    const node = byId.get(runId);
    return node ? [{ cursor: encodeCursor(runId), node }] : [];
  });
  return {
    edges,
    totalCount: page.totalCount,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function parseFilter(filter: typeof RunFilterInput.$inferInput): RunListFilter {
  const parse = (id: string | null | undefined, noun: string) => (id ? parseRecordId(id, noun) : null);
  return {
    experimentId: parse(filter.experimentId, 'experiment'),
    splitId: parse(filter.splitId, 'split'),
    datasetId: parse(filter.datasetId, 'dataset'),
    sweepId: parse(filter.sweepId, 'sweep'),
    statuses: filter.status ?? null,
    architectures: filter.architecture ?? null,
    tag: filter.tag ?? null,
    search: filter.search ?? null,
    archived: filter.archived ?? null,
    settingOf: parse(filter.settingOf, 'run'),
    groupSeeds: filter.groupSeeds ?? false,
  };
}
