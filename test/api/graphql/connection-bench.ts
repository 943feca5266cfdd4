/** An API with rows in every connection of the schema, and how each is asked for, made longer and made shorter. */
import { createProject } from '@microtome/store/access/projects';
import { addReceiver } from '@microtome/store/announcement/receivers';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { createSplit } from '@microtome/store/split/create-split';
import { insertDataset } from '../../fixtures/dataset.ts';
import { drawRuns, insertRuns } from '../../fixtures/seeded/seeded-runs.ts';
import { type Bench, createBench, finishRun } from '../run-fixtures.ts';
import type { TestApi } from '../test-api.ts';

const ROWS = 5;
const AT_ONCE = new Date('2026-11-01T12:00:00Z');

export type Connection = {
  /** The way to it in a document; `#` stands where the arguments of a page do. */
  way: string;
  /** What tells its nodes apart. */
  node?: string;
  /** Adds one more. */
  add?(): Promise<unknown>;
  /** Deletes one. */
  remove?(id: string): Promise<unknown>;
};
export type Page = {
  totalCount: number;
  edges: { node: object }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
};
export type Place = { first?: number; after?: string | null; last?: number; before?: string | null };

export function readRows({ edges }: Pick<Page, 'edges'>): string[] {
  return edges.map(({ node }) => JSON.stringify(node));
}

export async function askPage(api: TestApi, { way, node = 'id' }: Connection, place: Place): Promise<Page> {
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

export async function fillConnections(api: TestApi): Promise<Record<string, Connection>> {
  const { store } = api;
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
    'Experiment.runs': {
      way: `experiment(id: "${bench.experiment.id}") { runs(#)`,
      add: addRun,
      remove: (id) => prisma.run.delete({ where: { id } }),
    },
    'Query.runs': { way: 'runs(#)', add: addRun, remove: (id) => prisma.run.delete({ where: { id } }) },
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
  const removers: Record<string, (id: string) => Promise<unknown>> = {
    'Query.datasets': (id) => prisma.dataset.delete({ where: { id } }),
    'Query.experiments': (id) => prisma.experiment.delete({ where: { id } }),
    'Query.splits': (id) => prisma.split.delete({ where: { id } }),
    'Query.sweeps': (id) => prisma.sweep.delete({ where: { id } }),
    'Receiver.deliveries': (id) => prisma.delivery.delete({ where: { id } }),
  };
  return Object.fromEntries(
    Object.entries(adders).map(([name, add]) => [
      name,
      { way: ways[name as keyof typeof ways], add, ...(removers[name] ? { remove: removers[name] } : {}) },
    ]),
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
  const { prisma } = store.database;
  return {
    'Query.models': {
      way: 'models(#)',
      add: () => createModel(store, { name: `b-${made++}` }),
      remove: (id) => prisma.model.delete({ where: { id } }),
    },
    'Query.reports': {
      way: 'reports(#)',
      add: addReport,
      remove: (id) => prisma.report.delete({ where: { id } }),
    },
    'Query.slideAnalyses': {
      way: 'slideAnalyses(#)',
      add: addAnalysis,
      remove: (id) => prisma.slideAnalysis.delete({ where: { id } }),
    },
  };
}
