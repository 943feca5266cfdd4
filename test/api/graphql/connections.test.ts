/**
 * Every connection of the schema, paged forward and backward: both ways give the rows of the whole list, each once and in its order,
 * also where sort keys are equal and where a row comes in, leaves or moves between two pages.
 */
import { isObjectType } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildSchema } from '../../../apps/api/src/schema.ts';
import { startTestApi, type TestApi } from '../test-api.ts';
import {
  askPage,
  type Connection,
  fillConnections,
  type Page,
  type Place,
  readRows as read,
} from './connection-bench.ts';

const PAGE = 2;

let api: TestApi;
let connections: Record<string, Connection>;

beforeAll(async () => {
  api = await startTestApi();
  connections = await fillConnections(api);
});
afterAll(() => api.close());

function listConnections(): string[] {
  return Object.values(buildSchema().getTypeMap())
    .filter(isObjectType)
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => /Connection!?$/.test(field.type.toString()))
        .map((field) => `${type.name}.${field.name}`),
    );
}

const NAMES = listConnections();

it('has each of them here', () => {
  expect(Object.keys(connections).toSorted()).toEqual(NAMES.toSorted());
});

it.each(NAMES)('gives the same rows forward, backward and while one is added: %s', async (name) => {
  const connection = connections[name]!;
  const whole = await ask(connection, { first: 1_000 });
  const rows = read(whole);
  expect(rows.length).toBeGreaterThan(PAGE);
  expect(new Set(rows).size).toBe(rows.length);
  expect(whole.totalCount).toBe(rows.length);
  expect(await page(connection, 'forward')).toEqual(rows);
  expect(await page(connection, 'backward')).toEqual(rows);
  if (!connection.add) return;
  for (const direction of ['forward', 'backward'] as const) {
    const known = read(await ask(connection, { first: 1_000 }));
    const found = await page(connection, direction, connection.add);
    expect(found.filter((row) => known.includes(row))).toEqual(known);
    expect(new Set(found).size).toBe(found.length);
  }
});

/** Of what holds them all, which is gone with them. */
const HELD = [
  'Dataset.patients',
  'Dataset.refusals',
  'Dataset.slides',
  'Query.patients',
  'Split.assignments',
];

it.each([...HELD, 'Evaluation.patientPage'])(
  'says that the row is gone behind which a page is asked for: %s',
  async (name) => {
    const connection = connections[name]!;
    const { edges, pageInfo } = await ask(connection, { first: PAGE });
    // As if what holds the row had been deleted since: none has this id.
    const gone = Buffer.from(pageInfo.endCursor!, 'base64')
      .toString()
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '00000000-0000-7000-8000-000000000000')
      .replace(/(?<=^GPC:S:)\d+$/, 'of nobody');
    const cursor = Buffer.from(gone).toString('base64');
    expect(edges).toHaveLength(PAGE);
    await expect(ask(connection, { first: PAGE, after: cursor })).rejects.toThrow(/begin again without/);
    await expect(ask(connection, { last: PAGE, before: cursor })).rejects.toThrow(/begin again without/);
  },
);

/** An audit log loses nothing. */
const LOSING = NAMES.filter((name) => ![...HELD, 'Evaluation.patientPage', 'Query.auditLog'].includes(name));

it.each(LOSING)('goes on where a row stood that was deleted since: %s', async (name) => {
  const connection = connections[name]!;
  const rows = read(await ask(connection, { first: 1_000 }));
  const { pageInfo } = await ask(connection, { first: PAGE });
  const { id } = JSON.parse(rows[PAGE - 1]!) as { id: string };
  await connection.remove!(id);
  const behind = await ask(connection, { first: 1_000, after: pageInfo.endCursor });
  expect(read(behind)).toEqual(rows.slice(PAGE));
  const before = await ask(connection, { last: 1_000, before: pageInfo.endCursor });
  expect(read(before)).toEqual(rows.slice(0, PAGE - 1));
});

it('goes on where a report stood that was changed since, and is the first by now', async () => {
  const connection = connections['Query.reports']!;
  const rows = read(await ask(connection, { first: 1_000 }));
  const { pageInfo } = await ask(connection, { first: PAGE });
  const { id } = JSON.parse(rows[PAGE - 1]!) as { id: string };
  await api.store.database.prisma.report.update({ where: { id }, data: { changedAt: new Date() } });
  const { edges } = await ask(connection, { first: 1_000, after: pageInfo.endCursor });
  expect(read({ edges })).toEqual(rows.slice(PAGE));
});

it('goes on where a delivery stood that is of another status by now', async () => {
  const { way } = connections['Receiver.deliveries']!;
  const pending = { way: way.replace('#', 'status: PENDING, #') };
  const rows = read(await ask(pending, { first: 1_000 }));
  const { pageInfo } = await ask(pending, { first: PAGE });
  const { id } = JSON.parse(rows[PAGE - 1]!) as { id: string };
  await api.store.database.prisma.delivery.update({
    where: { id },
    data: { status: 'FAILED', finishedAt: new Date() },
  });
  const { edges } = await ask(pending, { first: 1_000, after: pageInfo.endCursor });
  expect(read({ edges })).toEqual(rows.slice(PAGE));
});

/** All of its rows in their order, page by page; `between` is done after the first page. */
async function page(
  connection: Connection,
  direction: 'forward' | 'backward',
  between?: () => Promise<unknown>,
): Promise<string[]> {
  const rows: string[] = [];
  const isForward = direction === 'forward';
  let cursor: string | null = null;
  for (let pages = 0; ; pages++) {
    const place: Place = isForward ? { first: PAGE, after: cursor } : { last: PAGE, before: cursor };
    const { edges, pageInfo, totalCount }: Page = await ask(connection, place);
    const found = read({ edges });
    expect(found.length).toBeLessThanOrEqual(PAGE);
    rows.splice(isForward ? rows.length : 0, 0, ...found);
    if (!(isForward ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) return rows;
    expect(pages).toBeLessThan(totalCount);
    cursor = isForward ? pageInfo.endCursor : pageInfo.startCursor;
    if (pages === 0) await between?.();
  }
}

function ask(connection: Connection, place: Place): Promise<Page> {
  return askPage(api, connection, place);
}
