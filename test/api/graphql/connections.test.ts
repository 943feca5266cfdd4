/**
 * Every connection of the schema, paged forward and backward: both ways give the rows of the whole list, each once and in its order,
 * also where sort keys are equal and where a row comes in between two pages.
 */
import { createProject } from '@microtome/store/access/projects';
import { addReceiver } from '@microtome/store/announcement/receivers';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { createSplit } from '@microtome/store/split/create-split';
import { isObjectType } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildSchema } from '../../../apps/api/src/schema.ts';
import { insertDataset } from '../../fixtures/dataset.ts';
import { drawRuns, insertRuns } from '../../fixtures/seeded/seeded-runs.ts';
import { type Bench, createBench, finishRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

const ROWS = 5;
const PAGE = 2;
const AT_ONCE = new Date('2026-11-01T12:00:00Z');

type Connection = {
  /** The way to it in a document; `#` stands where the arguments of a page do. */
  way: string;
  /** What tells its nodes apart. */
  node?: string;
  /** Adds one more. */
  add?(): Promise<unknown>;
};
type Page = {
  totalCount: number;
  edges: { node: object }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
};
type Place = { first?: number; after?: string | null; last?: number; before?: string | null };

let api: TestApi;
let connections: Record<string, Connection>;

beforeAll(async () => {
  api = await startTestApi();
  connections = await fill(api);
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

/** An audit log loses nothing; runs in an order that was asked for go on where the row stood. */
const LOSING = NAMES.filter((name) => name !== 'Query.auditLog' && name !== 'Query.runs');

it.each(LOSING)('says that the row is gone behind which a page is asked for: %s', async (name) => {
  const connection = connections[name]!;
  const { edges, pageInfo } = await ask(connection, { first: PAGE });
  // As if the row, or what holds it, had been deleted since: none has this id.
  const gone = Buffer.from(pageInfo.endCursor!, 'base64')
    .toString()
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '00000000-0000-7000-8000-000000000000')
    .replace(/(?<=^GPC:S:)\d+$/, 'of nobody');
  const cursor = Buffer.from(gone).toString('base64');
  expect(edges).toHaveLength(PAGE);
  await expect(ask(connection, { first: PAGE, after: cursor })).rejects.toThrow(/begin again without/);
  await expect(ask(connection, { last: PAGE, before: cursor })).rejects.toThrow(/begin again without/);
});

it('goes on where a run stood that was deleted since', async () => {
  const connection = connections['Query.runs']!;
  const rows = read(await ask(connection, { first: 1_000 }));
  const { pageInfo } = await ask(connection, { first: PAGE });
  const { id } = JSON.parse(rows[PAGE - 1]!) as { id: string };
  await api.store.database.prisma.run.delete({ where: { id } });
  const { edges } = await ask(connection, { first: 1_000, after: pageInfo.endCursor });
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

function read({ edges }: Pick<Page, 'edges'>): string[] {
  return edges.map(({ node }) => JSON.stringify(node));
}

async function ask({ way, node = 'id' }: Connection, place: Place): Promise<Page> {
  const selection = `totalCount edges { node { ${node} } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`;
  const [before, after] = way.split('#');
  const opened = (before!.match(/{/g) ?? []).length;
  const document = `query ($first: Int, $after: String, $last: Int, $before: String) { ${before} first: $first, after: $after, last: $last, before: $before ${after} { ${selection} } ${'}'.repeat(opened)} }`;
  let found: unknown = await api.ask(document, {
    first: null,
    after: null,
    last: null,
    before: null,
    ...place,
  });
  while (!(found instanceof Object && 'edges' in found)) [found] = Object.values(found as object);
  return found as Page;
}

async function fill({ store }: TestApi): Promise<Record<string, Connection>> {
  const { prisma } = store.database;
  // More than a page of patients on each side.
  const bench = await createBench(store, { fractions: { train: 0.4, validation: 0.3, test: 0.3 } });
  const { datasetId } = bench.dataset;
  const places = [{ experimentId: bench.experiment.id, datasetId, splitId: bench.split.id }];
  const evaluated = await finishRun(store, bench);
  const drawn = drawRuns({ count: ROWS, seed: 3, places, epochs: 1, endsAt: AT_ONCE });
  await insertRuns(
    store,
    drawn.map((run) => ({ ...run, createdAt: AT_ONCE.toISOString() })),
  );
  await prisma.refusedFile.createMany({
    data: Array.from({ length: ROWS }, (_, position) => ({
      ...{ datasetId, position, path: `of ${position}`, code: 'DAMAGED', reason: 'damaged' },
    })),
  });
  const onDataset = (field: string) => `dataset(id: "${datasetId}") { ${field}(#)`;
  let hours = 0;
  const addRun = async () => {
    // Its id is made of its time.
    const endsAt = new Date(AT_ONCE.getTime() + ++hours * 3_600_000);
    const [one] = drawRuns({ count: 1, seed: hours, places, epochs: 1, endsAt });
    await insertRuns(store, [{ ...one!, createdAt: AT_ONCE.toISOString() }]);
  };
  return {
    'Dataset.patients': { way: onDataset('patients') },
    'Dataset.slides': { way: onDataset('slides') },
    'Dataset.refusals': { way: onDataset('refusals'), node: 'path' },
    'Query.patients': { way: `patients(datasetId: "${datasetId}", #)` },
    'Split.assignments': {
      way: `split(id: "${bench.split.id}") { assignments(#)`,
      node: 'patient { key }',
    },
    // Patients of as many patches each: the keys are equal.
    'Evaluation.patientPage': {
      way: `run(id: "${evaluated.id}") { evaluations { patientPage(by: "patches", #)`,
      node: 'patientKey',
    },
    'Experiment.runs': { way: `experiment(id: "${bench.experiment.id}") { runs(#)`, add: addRun },
    'Query.runs': { way: 'runs(#)', add: addRun },
    ...(await fillLists(api, bench)),
    ...(await fillModels(api, evaluated.id)),
  };
}

async function fillLists({ store }: TestApi, bench: Bench): Promise<Record<string, Connection>> {
  const { prisma } = store.database;
  const { datasetId } = bench.dataset;
  const receiver = await addReceiver(store, {
    ...{
      medium: 'WEBHOOK',
      address: 'https://ward.example/hook',
      kinds: ['CHAMPION_MOVED'],
      addedBy: 'test',
    },
  });
  const receiverId = receiver.receiver.id;
  let made = 0;
  const adders = {
    'Query.datasets': () =>
      insertDataset(store, { patients: 3, patchesPerPatient: 4, patchSizePx: 8, seed: 100 + made++ }),
    'Query.experiments': () =>
      prisma.experiment.create({
        data: { datasetId, taskId: bench.experiment.taskId, name: `of ${made++}`, createdAt: AT_ONCE },
      }),
    'Query.splits': () =>
      createSplit(store, { datasetId, strategy: 'PATIENT_STRATIFIED', seed: 100 + made++ }),
    'Query.sweeps': () =>
      prisma.sweep.create({
        data: {
          ...{
            experimentId: bench.experiment.id,
            name: `of ${made++}`,
            strategy: 'SEEDS',
            createdAt: AT_ONCE,
          },
          definition: { metric: 'auc', rungs: [], splitIds: [bench.split.id] },
        },
      }),
    'Query.auditLog': () =>
      prisma.auditEntry.create({
        data: {
          ...{ accountName: 'a', credential: 'session', act: `of ${made++}`, asked: {}, address: '::1' },
          ...{ requestId: 'r', at: AT_ONCE },
        },
      }),
    'Receiver.deliveries': () =>
      // Due long after the test.
      prisma.delivery.create({ data: { receiverId, createdAt: AT_ONCE, dueAt: new Date('2099-01-01') } }),
  };
  const ways: Record<keyof typeof adders, string> = {
    'Query.datasets': 'datasets(#)',
    'Query.experiments': 'experiments(#)',
    'Query.splits': 'splits(#)',
    'Query.sweeps': 'sweeps(#)',
    'Query.auditLog': 'auditLog(#)',
    'Receiver.deliveries': `receiver(id: "${receiverId}") { deliveries(#)`,
  };
  for (const add of Object.values(adders)) for (let row = 0; row < ROWS - 1; row++) await add();
  return Object.fromEntries(
    Object.entries(adders).map(([name, add]) => [name, { way: ways[name as keyof typeof ways], add }]),
  );
}

/** Models of the same names in two projects, and what one of them was asked about slides. */
async function fillModels({ store }: TestApi, runId: string): Promise<Record<string, Connection>> {
  const { id: projectId } = await createProject(store, 'another ward');
  for (const name of ['a', 'b', 'c']) await createModel(store, { name, projectId });
  for (const name of ['b', 'c', 'd']) await createModel(store, { name });
  const model = await createModel(store, { name: 'e' });
  const version = await registerModelVersion(store, { modelId: model.id, runId });
  let made = 0;
  const addAnalysis = () =>
    store.database.prisma.slideAnalysis.create({
      data: {
        ...{ versionId: version.id, path: `/slides/${made}.svs`, name: `of ${made++}`, tilePx: 16 },
        ...{ micronsPerPixel: 0.5, threshold: 0.5, requestedBy: 'test', createdAt: AT_ONCE },
      },
    });
  const addReport = () =>
    store.database.prisma.report.create({
      data: { projectId, name: `of ${made++}`, body: '', author: 'a', changedBy: 'a', changedAt: AT_ONCE },
    });
  for (let row = 0; row < ROWS; row++) await Promise.all([addAnalysis(), addReport()]);
  return {
    'Query.models': { way: 'models(#)', add: () => createModel(store, { name: `b-${made++}` }) },
    'Query.reports': { way: 'reports(#)', add: addReport },
    'Query.slideAnalyses': { way: 'slideAnalyses(#)', add: addAnalysis },
  };
}
