/**
 * Lists that go on where a row stood, whatever became of it since: a cursor of theirs holds the value by which the row had its place,
 * beside its id, and a page is what comes behind these two. Lists that a row never leaves hold its id alone (cursor.ts).
 */
import { type GraphQLField, type GraphQLSchema, isObjectType } from 'graphql';
import { encodePlace, type ListPlace, readPlace } from './cursor.ts';

const PLACED = 'listOrder';
/** What a column of a moment is written as; a year that PostgreSQL and JavaScript both know. */
const MOMENT = /^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

type Direction = 'asc' | 'desc';
/** The column that a list is sorted by; rows of one value stand in the order of their ids, in the same direction. */
type ListOrder<Column extends string = string> = {
  column: Column;
  direction: Direction;
  isMoment: boolean;
};

export const NEWEST_FIRST = { column: 'createdAt', direction: 'desc', isMoment: true } as const;
export const CHANGED_LAST_FIRST = { column: 'changedAt', direction: 'desc', isMoment: true } as const;
export const BY_NAME = { column: 'name', direction: 'asc', isMoment: false } as const;

/** The extension by which a connection says that it is in this order. */
export function inOrder(order: ListOrder): Record<string, unknown> {
  return { [PLACED]: order };
}

export function readOrder({
  extensions,
}: Pick<GraphQLField<unknown, unknown>, 'extensions'>): ListOrder | null {
  return (extensions[PLACED] as ListOrder | undefined) ?? null;
}

export function fitsOrder({ keys }: ListPlace, { isMoment }: ListOrder): boolean {
  const [key] = keys;
  if (keys.length !== 1 || typeof key !== 'string') return false;
  return !isMoment || (MOMENT.test(key) && !Number.isNaN(Date.parse(key)));
}

type Beyond<Column extends string> = {
  OR: { [Name in Column]: { lt: Date } & { gt: Date } & { lt: string } & { gt: string } }[];
};
/** What Pothos asks Prisma for: the row behind which the page begins, and how many rows, counted from the end where negative. */
type PothosPage = { take: number; skip: number; cursor?: object };

/** The page that Pothos asks for, of the rows that match in an order: behind the place of its cursor in place of a row. */
export function pageInOrder<Page extends PothosPage, Where extends object, Column extends string>(
  { cursor, skip: _behindRow, ...page }: Page,
  { where, order }: { where: Where; order: ListOrder<Column> },
) {
  const { column, direction } = order;
  const orderBy = [{ [column]: direction }, { id: direction }] as { [Name in Column | 'id']?: Direction }[];
  const place = cursor && readPlace(Object.values(cursor)[0]);
  const behind = place ? [writeBehind(place, order, page.take < 0)] : [];
  return { ...page, where: { AND: [where, ...(behind as Beyond<Column>[])] }, orderBy };
}

function writeBehind(
  { id, keys: [key] }: ListPlace,
  { column, direction, isMoment }: ListOrder,
  isReversed: boolean,
) {
  const value = isMoment ? new Date(String(key)) : key;
  const beyond = (direction === 'asc') === isReversed ? 'lt' : 'gt';
  return { OR: [{ [column]: { [beyond]: value } }, { [column]: value, id: { [beyond]: id } }] };
}

type Edge = { cursor: string; node: { id: string } & Record<string, unknown> };
type Connection = { edges: Edge[]; pageInfo: { startCursor: string | null; endCursor: string | null } };

/** Has each list that is in an order write its cursors so that they hold it. */
export function writePlaces(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      const order = readOrder(field);
      if (!resolve || !order) continue;
      field.resolve = async (source, args, context, info) =>
        writeCursors((await resolve(source, args, context, info)) as Connection, order);
    }
  }
  return schema;
}

function writeCursors(connection: Connection, { column }: ListOrder): Connection {
  const { edges, pageInfo } = connection;
  for (const edge of edges) {
    const value = edge.node[column];
    const key = value instanceof Date ? value.toISOString() : String(value);
    edge.cursor = encodePlace({ id: edge.node.id, keys: [key] });
  }
  pageInfo.startCursor = edges[0]?.cursor ?? null;
  pageInfo.endCursor = edges.at(-1)?.cursor ?? null;
  return connection;
}
