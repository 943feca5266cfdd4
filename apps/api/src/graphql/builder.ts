/**
 * The Pothos builder that every file in schema/ adds to. It knows the context and the scalars, and gives each
 * connection its `totalCount`. Fields are non-null unless they say otherwise.
 */
import type PrismaTypes from '@microtome/store/generated/pothos-types';
import { getDatamodel } from '@microtome/store/generated/pothos-types';
import SchemaBuilder from '@pothos/core';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import type { ApiContext } from './context.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from './page-size.ts';

type TotalCount = number | (() => Promise<number> | number);

type BuilderTypes = {
  Context: ApiContext;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
  Connection: { totalCount?: TotalCount };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    JSON: { Input: unknown; Output: unknown };
    BigInt: { Input: bigint | number; Output: bigint | number };
  };
};

export const builder = new SchemaBuilder<BuilderTypes>({
  plugins: [RelayPlugin, PrismaPlugin],
  defaultFieldNullability: false,
  prisma: {
    client: (context) => context.store.database.prisma,
    dmmf: getDatamodel(),
    exposeDescriptions: false,
    filterConnectionTotalCount: true,
    defaultConnectionSize: DEFAULT_PAGE_SIZE,
    maxConnectionSize: MAX_PAGE_SIZE,
  },
  relay: {
    clientMutationId: 'omit',
    cursorType: 'String',
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    edgesFieldOptions: { description: 'The entries of this page.', nullable: { list: false, items: false } },
    nodeFieldOptions: { description: 'The entry itself.', nullable: false },
    cursorFieldOptions: { description: 'Where this entry stands; pass it as `after` to go on from here.' },
    pageInfoFieldOptions: { description: 'Whether there is more, and where this page begins and ends.' },
    pageInfoTypeOptions: { description: 'The borders of one page of a list.' },
    hasNextPageFieldOptions: { description: 'Whether entries follow this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether entries come before this page.' },
    startCursorFieldOptions: { description: 'The cursor of the first entry; null on an empty page.' },
    endCursorFieldOptions: { description: 'The cursor of the last entry; null on an empty page.' },
    firstArgOptions: { description: `How many entries to give from the start, at most ${MAX_PAGE_SIZE}.` },
    afterArgOptions: { description: 'Give entries that follow this cursor.' },
    lastArgOptions: { description: `How many entries to give from the end, at most ${MAX_PAGE_SIZE}.` },
    beforeArgOptions: { description: 'Give entries that come before this cursor.' },
  },
});

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    description: 'How many entries there are on all pages together.',
    extensions: { pothosPrismaTotalCount: true },
    resolve: ({ totalCount }) => (typeof totalCount === 'function' ? totalCount() : (totalCount ?? 0)),
  }),
);

builder.queryType({ description: 'Everything that can be read.' });
builder.mutationType({ description: 'Everything that can be changed.' });
builder.subscriptionType({ description: 'Everything that can be followed, over WebSocket (graphql-ws).' });
