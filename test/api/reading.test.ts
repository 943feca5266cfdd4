import { randomUUID } from 'node:crypto';
import { logMetrics } from '@microtome/store/metrics';
import { requestCancel } from '@microtome/store/run-lifecycle';
import { archiveRun, updateRun } from '@microtome/store/runs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, createBench, finishRun, launch, trainRun } from './run-fixtures.ts';
import { startTestApi, type TestApi } from './test-api.ts';

type RunNode = { id: string; name: string };
type RunPage = {
  runs: {
    totalCount: number;
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
    edges: { cursor: string; node: RunNode }[];
  };
};

const RUNS = `query ($filter: RunFilter, $orderBy: RunOrder, $first: Int, $after: String) {
  runs(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage hasPreviousPage endCursor } edges { cursor node { id name } } } }`;

let api: TestApi;
let bench: Bench;

beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store);
});
afterAll(() => api.close());

describe('a list of runs', () => {
  const ids: string[] = [];
  const list = async (variables: object) => (await api.ask<RunPage>(RUNS, variables)).runs;
  const idsOf = (page: RunPage['runs']) => page.edges.map(({ node }) => node.id);

  beforeAll(async () => {
    const names = ['Ada', 'bea', 'Cleo', 'dora', 'Eve'];
    for (const [position, name] of names.entries()) {
      const run = await launch(api.store, bench, { architecture: position % 2 ? 'deep' : 'shallow' });
      await updateRun(api.store, { runId: run.id, name, tags: position < 2 ? ['keep'] : [] });
      ids.push(run.id);
    }
    const auc = (runId: string, value: number, epoch = 1) =>
      logMetrics(api.store, { runId, metrics: [{ name: 'validation.auc', epoch, step: 0, value }] });
    await auc(ids[0]!, 0.7);
    await auc(ids[0]!, 0.6, 2);
    await auc(ids[3]!, 0.9);
    await archiveRun(api.store, { runId: ids[4]!, archived: true });
    await requestCancel(api.store, ids[1]!);
  });

  it('is newest first when nobody says otherwise', async () => {
    expect(idsOf(await list({}))).toEqual([...ids].reverse());
  });

  it.each([
    ['NAME', 'ASC', [0, 1, 2, 3, 4]],
    ['CREATED_AT', 'ASC', [0, 1, 2, 3, 4]],
    ['VALIDATION_AUC', 'DESC', [3, 0, 4, 2, 1]],
    ['STATUS', 'DESC', [1, 4, 3, 2, 0]],
  ])('is sorted by %s %s in the database', async (field, direction, expected) => {
    expect(idsOf(await list({ orderBy: { field, direction } }))).toEqual(expected.map((at) => ids[at]));
  });

  it.each([
    ['status', { status: ['CANCELED'] }, [1]],
    ['architecture', { architecture: ['deep'] }, [3, 1]],
    ['tag', { tag: 'keep' }, [1, 0]],
    ['text in name or tag, in any case', { search: 'E' }, [4, 2, 1, 0]],
    ['text with a wildcard taken literally', { search: '%' }, []],
    ['archived', { archived: true }, [4]],
    ['not archived', { archived: false }, [3, 2, 1, 0]],
    ['everything at once', { architecture: ['deep'], status: ['QUEUED'] }, [3]],
  ])('can be narrowed by %s', async (_name, filter, expected) => {
    const page = await list({ filter });
    expect(idsOf(page)).toEqual(expected.map((at) => ids[at]));
    expect(page.totalCount).toBe(expected.length);
  });

  it('is paged without a gap or a repetition, whatever the order', async () => {
    for (const field of ['NAME', 'STATUS', 'VALIDATION_AUC', 'DURATION', 'CREATED_AT']) {
      const orderBy = { field, direction: 'DESC' };
      const whole = idsOf(await list({ orderBy }));
      const paged: string[] = [];
      let after: string | null = null;
      for (let page = 0; page < 3; page++) {
        const part: RunPage['runs'] = await list({ orderBy, first: 2, after });
        expect(part.pageInfo.hasPreviousPage).toBe(page > 0);
        expect(part.pageInfo.hasNextPage).toBe(page < 2);
        expect(part.totalCount).toBe(5);
        paged.push(...idsOf(part));
        after = part.pageInfo.endCursor;
      }
      expect(paged, field).toEqual(whole);
    }
  });

  it('says so when the run of the cursor is not in the list', async () => {
    expect(await api.fail(RUNS, { after: randomUUID() })).toEqual({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/is not in this list any more/),
    });
  });

  it('costs the same number of statements for one run as for many', async () => {
    const document = `query ($first: Int) { runs(first: $first) { totalCount edges { node {
      id name status epochs testSealed unsafe
      latestMetric(name: "validation.auc") best: latestMetric(name: "train.loss")
      metrics { name points { value } }
      experiment { name dataset { name } } split { name testOpeningCount subsets { patients } } sweep { name }
      progress { batch } evaluations { subset } artifacts { role url bytes } attempts { number } modelVersions { number }
    } } } }`;
    const one = await countStatements(() => api.ask(document, { first: 1 }));
    const many = await countStatements(() => api.ask(document, { first: 5 }));
    expect(many).toBe(one);
    expect(many).toBeLessThan(25);
  });
});

describe('what is asked for by id', () => {
  it.each(['dataset', 'datasetImport', 'split', 'experiment', 'run', 'model'])(
    'is null for an unknown %s',
    async (noun) => {
      for (const id of [randomUUID(), 'no-id-at-all', '']) {
        expect(await api.ask(`query ($id: ID!) { ${noun}(id: $id) { id } }`, { id })).toEqual({
          [noun]: null,
        });
      }
    },
  );
});

describe('a data set and its split', () => {
  it('tell patients, sides, slides and bytes', async () => {
    const { dataset } = await api.ask<{ dataset: Record<string, never> }>(
      `query ($id: ID!, $splitId: ID!) { dataset(id: $id) {
        patientCount patchCount stripCount bytes
        patients(first: 3) { totalCount pageInfo { hasNextPage endCursor } edges { node {
          key positiveShare subset(splitId: $splitId) slides { key patchCount thumbnailUrl patient { key } } } } }
        slides { totalCount } splits { id unsafe subsets { subset patients patches positiveShare } }
        refusals { totalCount } refusalCounts { code }
        samplePatches(label: 1, count: 4, seed: 3) { label patientKey imageUrl } } }`,
      { id: bench.dataset.datasetId, splitId: bench.split.id },
    );
    expect(dataset).toMatchObject({
      patientCount: 10,
      patchCount: 120,
      stripCount: 20,
      bytes: 120 * 16 * 16 * 3 + 20 * 8 * 16 * 3,
      slides: { totalCount: 10 },
      refusals: { totalCount: 0 },
      refusalCounts: [],
    });
    const { patients, splits, samplePatches } = dataset as never as {
      patients: { totalCount: number; edges: { node: { key: string; subset: string; slides: object[] } }[] };
      splits: { subsets: { subset: string; patients: number; patches: number }[] }[];
      samplePatches: { label: number; imageUrl: string }[];
    };
    expect(patients.totalCount).toBe(10);
    expect(patients.edges.map(({ node }) => node.key)).toEqual(bench.dataset.patientKeys.slice(0, 3));
    expect(patients.edges[0]!.node.slides).toEqual([
      expect.objectContaining({ patchCount: 14, patient: { key: bench.dataset.patientKeys[0] } }),
    ]);
    expect(splits[0]!.subsets.map(({ subset }) => subset)).toEqual(['TRAIN', 'VALIDATION', 'TEST']);
    expect(splits[0]!.subsets.reduce((sum, side) => sum + side.patients, 0)).toBe(10);
    expect(samplePatches.map(({ label }) => label)).toEqual([1, 1, 1, 1]);
    expect(new Set(samplePatches.map(({ imageUrl }) => imageUrl)).size).toBe(4);
  });

  it('page patients by key and find them by a part of it', async () => {
    const document = `query ($id: ID!, $after: String, $search: String) {
      patients(datasetId: $id, first: 4, after: $after, search: $search) {
        totalCount pageInfo { hasNextPage endCursor } edges { node { key } } } }`;
    type Page = {
      patients: {
        totalCount: number;
        pageInfo: { hasNextPage: boolean; endCursor: string };
        edges: { node: { key: string } }[];
      };
    };
    const keys: string[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < 3; pages++) {
      const { patients }: Page = await api.ask<Page>(document, { id: bench.dataset.datasetId, after });
      keys.push(...patients.edges.map(({ node }) => node.key));
      after = patients.pageInfo.endCursor;
      expect(patients.pageInfo.hasNextPage).toBe(pages < 2);
    }
    expect(keys).toEqual(bench.dataset.patientKeys);
    const found = await api.ask<Page>(document, { id: bench.dataset.datasetId, search: keys[7]!.slice(-3) });
    expect(found.patients).toMatchObject({ totalCount: 1, edges: [{ node: { key: keys[7] } }] });
  });

  it('list who is on which side, each patient once', async () => {
    const { split } = await api.ask<{
      split: {
        assignments: { totalCount: number; edges: { node: { subset: string; patient: { key: string } } }[] };
        test: { totalCount: number };
      };
    }>(
      `query ($id: ID!) { split(id: $id) { seed digest fractions { train }
        assignments { totalCount edges { node { subset patient { key } } } }
        test: assignments(subset: TEST) { totalCount } } }`,
      { id: bench.split.id },
    );
    expect(split.assignments.edges.map(({ node }) => node.patient.key)).toEqual(bench.dataset.patientKeys);
    expect(split.test.totalCount).toBe(
      split.assignments.edges.filter(({ node }) => node.subset === 'TEST').length,
    );
  });
});

describe('a run that succeeded', () => {
  it('tells its evaluation with curves, its files and its slides', async () => {
    const { id } = await finishRun(api.store, bench);
    const { run } = await api.ask<{ run: Record<string, never> }>(
      `query ($id: ID!) { run(id: $id) { status epochs epochsDone modelUrl testSealed dataset { id }
        evaluations { subset metrics intervals confusion { tp fp tn fn } roc { x y threshold }
          reliability { count } patients { patientKey patches auc meanProbability } }
        artifacts { role url } events { seq kind metrics { name value } }
        slides(subset: VALIDATION) { subset sealed patches auc heatmapUrl slide { patient { key } } } } }`,
      { id },
    );
    expect(run).toMatchObject({
      status: 'SUCCEEDED',
      epochs: 2,
      epochsDone: 2,
      testSealed: true,
      modelUrl: `/runs/${id}/model/model.json`,
      dataset: { id: bench.dataset.datasetId },
    });
    const { evaluations, events, slides } = run as never as {
      evaluations: {
        subset: string;
        metrics: { patches: number; auc: number };
        confusion: Record<string, number>;
        roc: { x: number; y: number }[];
        patients: { patches: number }[];
      }[];
      events: { seq: number; kind: string; metrics: { name: string }[] }[];
      slides: { patches: number; auc: number; heatmapUrl: string; subset: string }[];
    };
    const [validation] = evaluations;
    expect(evaluations.map(({ subset }) => subset)).toEqual(['VALIDATION']);
    const { tp, fp, tn, fn } = validation!.confusion as { tp: number; fp: number; tn: number; fn: number };
    expect(tp + fp + tn + fn).toBe(validation!.metrics.patches);
    expect(validation!.roc[0]).toMatchObject({ x: 0, y: 0 });
    expect(validation!.roc.at(-1)).toMatchObject({ x: 1, y: 1 });
    expect(validation!.patients.reduce((sum, { patches }) => sum + patches, 0)).toBe(
      validation!.metrics.patches,
    );
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, position) => position + 1));
    expect(events.filter(({ kind }) => kind === 'EPOCH')[0]!.metrics.map(({ name }) => name)).toEqual([
      'learningRate',
      'train.loss',
      'validation.auc',
    ]);
    expect(slides.length).toBeGreaterThan(0);
    for (const slide of slides) {
      expect(slide.subset).toBe('VALIDATION');
      expect(slide.patches).toBe(12);
      expect(slide.heatmapUrl).toMatch(/heatmap\.png$/);
    }
  });
});

describe('what can be known before a launch', () => {
  it('is the size of a network, by the layer list', async () => {
    const document =
      'query ($h: JSON!, $p: Int!) { countNetwork(hyperparameters: $h, patchSizePx: $p) { parameters multiplyAdds } }';
    const { countNetwork } = await api.ask<{ countNetwork: { parameters: number; multiplyAdds: number } }>(
      document,
      {
        h: { architecture: 'shallow' },
        p: 50,
      },
    );
    expect(countNetwork.parameters / 1e6).toBeCloseTo(0.17, 2);
    expect(countNetwork.multiplyAdds / 1e6).toBeCloseTo(6.8, 1);
    expect(await api.fail(document, { h: { architecture: 'shalow' }, p: 50 })).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('shalow'),
    });
    expect(await api.fail(document, { h: {}, p: 0 })).toMatchObject({
      message: expect.stringContaining('patchSizePx is 0'),
    });
  });

  it('is every knob, preset and network, and what the server stands on', async () => {
    const answer = await api.ask<{
      hyperparameterSchema: { presets: unknown[]; jsonSchema: { properties: object } };
      architectures: { name: string; layers: unknown[] }[];
      serverInfo: { database: string; artifactStore: string; heatmapColors: string[] };
      workers: unknown[];
    }>(
      `{ hyperparameterSchema { jsonSchema presets { name hyperparameters } } architectures { name parameters multiplyAdds layers }
         serverInfo { version database queue artifactStore startedAt heatmapColors } workers { id } importRoots }`,
    );
    expect(Object.keys(answer.hyperparameterSchema.jsonSchema.properties)).toContain('learningRate');
    expect(answer.hyperparameterSchema.presets.length).toBeGreaterThan(1);
    expect(answer.architectures.map(({ name }) => name)).toEqual(expect.arrayContaining(['shallow', 'deep']));
    expect(answer.architectures.every(({ layers }) => layers.length > 3)).toBe(true);
    expect(answer.serverInfo.database).toMatch(/^PostgreSQL \d/);
    expect(answer.serverInfo.heatmapColors).toHaveLength(5);
  });
});

describe('a run at work', () => {
  it('shows its attempt and no predictions', async () => {
    const { id } = await trainRun(api.store, bench, { epochs: 1 });
    const { run } = await api.ask<{ run: object }>(
      `query ($id: ID!) { run(id: $id) { status attempts { number workerId outcome } modelUrl evaluations { subset }
        slides { sealed heatmapUrl patches } } }`,
      { id },
    );
    expect(run).toMatchObject({
      status: 'RUNNING',
      modelUrl: null,
      evaluations: [],
      attempts: [{ number: 1, workerId: 'test-worker', outcome: null }],
    });
    expect(
      (run as { slides: { heatmapUrl: null }[] }).slides.every(({ heatmapUrl }) => heatmapUrl === null),
    ).toBe(true);
  });
});

type Client = { query: (...args: never[]) => unknown };

/** Statements that reached the database while `act` ran, whatever asked for them. */
async function countStatements(act: () => Promise<unknown>): Promise<number> {
  const { pool } = api.store.database;
  const originals = new Map<Client, Client['query']>();
  let count = 0;
  const watch = (client: Client) => {
    if (originals.has(client)) return;
    const query = client.query;
    originals.set(client, query);
    client.query = (...args) => {
      count += 1;
      return query.apply(client, args);
    };
  };
  pool.on('acquire', watch as never);
  await act();
  pool.off('acquire', watch as never);
  for (const [client, query] of originals) client.query = query;
  return count;
}
