import type { Run } from '@microtome/store/generated/prisma/client';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, createBench, finishRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

const OPEN = `mutation ($runId: ID!, $reason: String!) { openTest(runId: $runId, reason: $reason, openedBy: "reviewer") {
  testSealed evaluations { subset metrics intervals draws patients { patientKey } } testOpening { openedBy reason } } }`;
const COMPARE = `query ($runIds: [ID!]!) { compareRuns(runIds: $runIds) { warnings differences { key values }
  pairs { refused patients sharedPatients draws a { id } metrics { name a b difference low high pValue } } } }`;
type Pair = {
  refused: string | null;
  patients: number;
  draws: number;
  metrics: { name: string; a: number; b: number; difference: number; low: number; high: number }[];
};

let api: TestApi;
let bench: Bench;
let run: Run;
let other: Run;
let testSlides: {
  slide: { id: string; patient: { key: string } };
  sealed: boolean;
  patches: number;
  auc: number | null;
  heatmapUrl: string | null;
}[];
let testHash: string;

const listSlides = async (subset: string) => {
  const answer = await api.ask<{ run: { slides: typeof testSlides } }>(
    `query ($id: ID!, $subset: Subset) { run(id: $id) { slides(subset: $subset) {
      sealed patches auc heatmapUrl slide { id patient { key } } } } }`,
    { id: run.id, subset },
  );
  return answer.run.slides;
};
const compare = async () =>
  (
    await api.ask<{ compareRuns: { pairs: Pair[]; warnings: string[] } }>(COMPARE, {
      runIds: [run.id, other.id],
    })
  ).compareRuns;

beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store);
  run = await finishRun(api.store, bench, { skill: 3, seed: 1 });
  other = await finishRun(api.store, bench, { skill: 0.5, seed: 2 });
  testSlides = await listSlides('TEST');
  const artifact = await api.store.database.prisma.runArtifact.findUniqueOrThrow({
    where: { runId_role: { runId: run.id, role: 'PREDICTIONS_TEST' } },
  });
  testHash = artifact.artifactHash;
});
afterAll(() => api.close());

describe('TEST before anybody opened it', () => {
  it('is in no evaluation, and its predictions have no address', async () => {
    const answer = await api.ask<{
      run: { evaluations: { subset: string }[]; artifacts: { role: string; url: string | null }[] };
    }>(
      `query ($id: ID!) { run(id: $id) { evaluations { subset } artifacts { role url } testOpening { reason } } }`,
      { id: run.id },
    );
    expect(answer.run.evaluations.map(({ subset }) => subset)).toEqual(['VALIDATION']);
    const urls = new Map(answer.run.artifacts.map(({ role, url }) => [role, url]));
    expect(urls.get('PREDICTIONS_TEST')).toBeNull();
    expect(urls.get('PREDICTIONS_VALIDATION')).toMatch(/^\/artifacts\/[0-9a-f]{64}$/);
  });

  it.each(['GET', 'HEAD'])('cannot be read by its hash (%s), whole or in part', async (method) => {
    for (const headers of [{}, { range: 'bytes=0-15' }, { 'if-none-match': `"${testHash}"` }]) {
      const response = await fetch(`${api.url}/artifacts/${testHash}`, {
        method,
        headers: headers as Record<string, string>,
      });
      expect(response.status).toBe(403);
    }
  });

  it('is not in the CSV', async () => {
    const text = await (await api.get(`/runs/${run.id}/predictions.csv`)).text();
    const subsets = new Set(
      text
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[4]),
    );
    expect(subsets).toEqual(new Set(['VALIDATION']));
  });

  it('has sealed slides without figures, whose heatmaps answer 403', async () => {
    expect(testSlides.length).toBeGreaterThan(0);
    for (const { slide, ...shown } of testSlides) {
      expect(shown).toEqual({ sealed: true, patches: 0, auc: null, heatmapUrl: null });
      const response = await api.get(`/runs/${run.id}/slides/${slide.id}/heatmap.png`);
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ error: { code: 'SEALED' } });
    }
  });

  it('is in no comparison: the pair says which run is sealed', async () => {
    const { pairs } = await compare();
    expect(pairs).toEqual([
      expect.objectContaining({ refused: expect.stringMatching(/is sealed/), metrics: [] }),
    ]);
  });

  it('is not opened without a reason, nor for a run that has not succeeded', async () => {
    expect(await api.fail(OPEN, { runId: run.id, reason: '  ' })).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/reason/),
    });
    expect((await listSlides('TEST'))[0]!.sealed).toBe(true);
  });
});

describe('TEST after it was opened', () => {
  beforeAll(async () => {
    const { openTest } = await api.ask<{
      openTest: {
        testSealed: boolean;
        evaluations: {
          subset: string;
          draws: number;
          intervals: { auc: [number, number] };
          metrics: { auc: number };
        }[];
        testOpening: object;
      };
    }>(OPEN, { runId: run.id, reason: 'The finalist.' });
    expect(openTest.testSealed).toBe(false);
    expect(openTest.testOpening).toEqual({ openedBy: 'reviewer', reason: 'The finalist.' });
    const test = openTest.evaluations.find(({ subset }) => subset === 'TEST')!;
    expect(test.draws).toBe(2000);
    expect(test.intervals.auc[0]).toBeLessThanOrEqual(test.metrics.auc);
    expect(test.intervals.auc[1]).toBeGreaterThanOrEqual(test.metrics.auc);
  });

  it('is counted on its split, with who and why', async () => {
    const { split } = await api.ask<{ split: object }>(
      `query ($id: ID!) { split(id: $id) { testOpeningCount testOpenings { openedBy reason run { id } } } }`,
      { id: bench.split.id },
    );
    expect(split).toEqual({
      testOpeningCount: 1,
      testOpenings: [{ openedBy: 'reviewer', reason: 'The finalist.', run: { id: run.id } }],
    });
  });

  it('can be read by its hash', async () => {
    const response = await api.get(`/artifacts/${testHash}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toMatch(/immutable/);
  });

  it('is in the CSV, every probability to the last bit', async () => {
    const text = await (await api.get(`/runs/${run.id}/predictions.csv`)).text();
    const [header, ...lines] = text.trim().split('\n');
    expect(header).toBe('patient,x,y,label,subset,probability,contextProbability');
    const rows = lines.map((line) => line.split(','));
    const stored = await readStored(run.id, 'TEST');
    const shown = rows.filter(([, , , , subset]) => subset === 'TEST');
    expect(shown.map((row) => Number(row[5]))).toEqual([...stored.probabilities]);
    const first = bench.dataset.patches[stored.patchIndexes[0]!]!;
    expect(shown[0]!.slice(0, 4)).toEqual([
      bench.dataset.patientKeys[first.patient],
      String(first.x + 1),
      String(first.y + 1),
      String(first.label),
    ]);
  });

  it('stays sealed for another run on the same split', async () => {
    const response = await api.get(`/runs/${other.id}/slides/${testSlides[0]!.slide.id}/heatmap.png`);
    expect(response.status).toBe(403);
    const text = await (await api.get(`/runs/${other.id}/predictions.csv`)).text();
    expect(text).not.toContain(',TEST,');
  });

  it('has heatmaps: one pixel a place, transparent where nothing was predicted', async () => {
    const [open] = await listSlides('TEST');
    expect(open).toMatchObject({ sealed: false, patches: 12 });
    const response = await api.get(open!.heatmapUrl!);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    const { data, info } = await sharp(Buffer.from(await response.arrayBuffer()))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([5, 3, 4]);
    const patient = bench.dataset.patientKeys.indexOf(open!.slide.patient.key);
    const places = new Set(
      bench.dataset.patches
        .filter((patch) => patch.patient === patient && patch.kind === 'PATCH')
        .map(({ x, y }) => (y / 16) * 5 + Math.floor(x / 16)),
    );
    for (let pixel = 0; pixel < 15; pixel++) expect(data[pixel * 4 + 3]).toBe(places.has(pixel) ? 255 : 0);
  });

  it('is compared once it is open for both: paired differences with intervals by patient', async () => {
    await api.ask(OPEN, { runId: other.id, reason: 'The other finalist.' });
    const { pairs, warnings } = await compare();
    expect(pairs).toHaveLength(1);
    expect(pairs[0]).toMatchObject({ refused: null, draws: 2000, patients: testSlides.length });
    const auc = pairs[0]!.metrics.find(({ name }) => name === 'auc')!;
    expect(auc.difference).toBeCloseTo(auc.a - auc.b, 12);
    expect(auc.difference).toBeGreaterThan(0);
    expect(auc.low).toBeLessThanOrEqual(auc.difference);
    expect(auc.high).toBeGreaterThanOrEqual(auc.difference);
    expect(warnings.join(' ')).not.toMatch(/unsafe/);
  });

  it('is opened once: a second opening changes nothing', async () => {
    const { openTest } = await api.ask<{ openTest: { testOpening: object } }>(OPEN, {
      runId: run.id,
      reason: 'Again.',
    });
    expect(openTest.testOpening).toEqual({ openedBy: 'reviewer', reason: 'The finalist.' });
  });
});

async function readStored(runId: string, subset: 'TEST' | 'VALIDATION') {
  const { decodePredictions } = await import('@microtome/store/evaluation/predictions');
  const { artifactHash } = await api.store.database.prisma.runArtifact.findUniqueOrThrow({
    where: { runId_role: { runId, role: `PREDICTIONS_${subset}` } },
  });
  return decodePredictions(await api.store.artifacts.read(artifactHash));
}
