/** Lists of runs: filtered, sorted and paged in the database. */
import { parseRunSort } from '@microtome/domain/run-query/parse-query';
import type { RunSortKey } from '@microtome/domain/run-query/run-filter';
import { RUN_ORDERS } from '@microtome/domain/run-query/run-orders';
import type { Run } from '@microtome/store/generated/prisma/client';
import { countSelectedRuns, listRunPage, type RunPlace } from '@microtome/store/run-query/run-pages';
import { queryFromInfo } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import { inProjects } from '../../access/access.ts';
import { builder } from '../../graphql/builder.ts';
import type { ApiContext } from '../../graphql/context.ts';
import { findNewest, NAMED_NEWEST } from '../../graphql/find-named.ts';
import { DEFAULT_PAGE_SIZE } from '../../graphql/page-size.ts';
import { decodeRunCursor, encodeRunCursor } from '../../graphql/paging/cursor.ts';
import { selectsField } from '../../graphql/selects-field.ts';
import { typed } from '../../graphql/typed-text.ts';
import { SortDirectionEnum } from '../enums.ts';
import { QUERY_ARGUMENT, RunFilterInput, selectRuns } from '../run-query/run-filter.ts';
import { RunRef } from './run.ts';
import { openRunRows } from './run-rows.ts';

export const RunConnection = builder.connectionObject(
  { type: RunRef, name: 'RunConnection', description: 'A page of runs.' },
  { description: 'A run and its place in the list.' },
);

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
        query: t.arg.string(QUERY_ARGUMENT),
        orderBy: t.arg({ type: RunOrderInput, description: 'In which order.' }),
        sort: t.arg.string({
          extensions: typed('runQuery'),
          description:
            'In which order, as fields of the line such as `test.auc desc, createdAt`, in place of `orderBy`. Runs that lack a field come last.',
        }),
      },
      resolve: (_root, args, context, info) =>
        listRuns({
          args,
          context,
          info,
          readQuery: () => queryFromInfo({ context, info, typeName: 'Run', paths: [['edges', 'node']] }),
        }),
    },
    RunConnection,
  ),
  run: t.prismaField({
    type: 'Run',
    nullable: true,
    description: 'One run by id, or the newest of a name; null when there is none.',
    args: NAMED_NEWEST,
    resolve: (query, _root, args, { store, access }) =>
      findNewest(args, {
        byId: (id) => store.database.prisma.run.findUnique({ ...query, where: { id } }),
        byName: (name) =>
          store.database.prisma.run.findFirst({
            ...query,
            where: { name, experiment: inProjects(access) },
            orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
          }),
      }),
  }),
}));

type RunListArgs = Parameters<typeof selectRuns>[1] & {
  orderBy?: typeof RunOrderInput.$inferInput | null;
  sort?: string | null;
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
};

/** One page: the ids in order from one statement, then their rows with what was selected beneath them. */
async function listRuns(request: {
  args: RunListArgs;
  context: ApiContext;
  readQuery(): { include?: object };
  info: GraphQLResolveInfo;
}) {
  const { args, context, readQuery, info } = request;
  const { store } = context;
  const selection = await selectRuns(context, args);
  const rows = openRunRows(store, { info, readQuery });
  const fromEnd = args.first == null && args.last != null;
  const page = await listRunPage(store, {
    ...selection,
    sort: parseSort(args),
    take: (fromEnd ? args.last : args.first) ?? DEFAULT_PAGE_SIZE,
    after: args.after == null ? null : decodeRunCursor(args.after),
    before: args.before == null ? null : decodeRunCursor(args.before),
    fromEnd,
    withTotal: selectsField(info, 'totalCount'),
    withRevision: rows.needsRevision,
  });
  const byId = await rows.find(page.places);
  const edges = page.places.flatMap((place) => {
    const node = byId.get(place.runId);
    return node ? [new RunEdge(place, node as Run)] : [];
  });
  return {
    edges,
    totalCount: () => page.totalCount ?? countSelectedRuns(store, selection),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** Its cursor is written when it is asked for. */
class RunEdge {
  readonly #place: RunPlace;
  readonly node: Run;

  constructor(place: RunPlace, node: Run) {
    this.#place = place;
    this.node = node;
  }

  get cursor(): string {
    return encodeRunCursor(this.#place);
  }
}

function parseSort({ sort, orderBy }: RunListArgs): RunSortKey[] {
  if (sort) return parseRunSort(sort);
  return orderBy ? [{ field: RUN_ORDERS[orderBy.field].field, direction: orderBy.direction }] : [];
}
