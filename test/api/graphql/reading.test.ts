import { randomUUID } from 'node:crypto';
import { REQUESTABLE_BACKENDS } from '@microtome/domain/run/backends';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, createBench, finishRun, trainRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

let api: TestApi;
let bench: Bench;

beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store);
});
afterAll(() => api.close());

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

describe('a dataset and its split', () => {
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
      `query ($id: ID!) { run(id: $id) { status epochs epochsDone modelUrl onnxUrl testSealed dataset { id }
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
      onnxUrl: `/runs/${id}/model/model.onnx`,
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

  it('lists every hyperparameter, preset and network, and what the server runs on', async () => {
    const answer = await api.ask<{
      hyperparameterSchema: { presets: unknown[]; jsonSchema: { properties: object } };
      architectures: { name: string; layers: unknown[] }[];
      backends: { name: string }[];
      serverInfo: { database: string; artifactStore: string; heatmapColors: string[] };
      workers: unknown[];
    }>(
      `{ hyperparameterSchema { jsonSchema presets { name hyperparameters } } architectures { name parameters multiplyAdds layers }
        backends { name title computesOn repeatsBits }
         serverInfo { version database queue artifactStore startedAt heatmapColors } workers { id } importRoots }`,
    );
    expect(Object.keys(answer.hyperparameterSchema.jsonSchema.properties)).toContain('learningRate');
    expect(answer.hyperparameterSchema.presets.length).toBeGreaterThan(1);
    expect(answer.architectures.map(({ name }) => name)).toEqual(expect.arrayContaining(['shallow', 'deep']));
    expect(answer.backends.map(({ name }) => name)).toEqual(REQUESTABLE_BACKENDS);
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
