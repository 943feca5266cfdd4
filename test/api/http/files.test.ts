import type { Run } from '@microtome/store/generated/prisma/client';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flipBit } from '../../fixtures/damage.ts';
import { askRaw } from '../graphql/raw-request.ts';
import { type Bench, createBench, finishRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

let api: TestApi;
let bench: Bench;
let run: Run;

beforeAll(async () => {
  api = await startTestApi({ hasGraphiql: true });
  bench = await createBench(api.store);
  run = await finishRun(api.store, bench);
});
afterAll(() => api.close());

describe('an artifact', () => {
  it('is sent whole, in part, or not again', async () => {
    const { hash } = await api.store.artifacts.put(Buffer.from('0123456789'), 'text/plain');
    await api.store.database.prisma.artifact.create({ data: { hash, bytes: 10n, mediaType: 'text/plain' } });
    const whole = await api.get(`/artifacts/${hash}`);
    expect([whole.status, await whole.text()]).toEqual([200, '0123456789']);
    expect(whole.headers.get('etag')).toBe(`"${hash}"`);
    expect(whole.headers.get('cache-control')).toMatch(/immutable/);
    expect(whole.headers.get('x-content-type-options')).toBe('nosniff');
    const part = await api.get(`/artifacts/${hash}`, { range: 'bytes=2-4' });
    expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([
      206,
      '234',
      'bytes 2-4/10',
    ]);
    const end = await api.get(`/artifacts/${hash}`, { range: 'bytes=-3' });
    expect(await end.text()).toBe('789');
    expect((await api.get(`/artifacts/${hash}`, { range: 'bytes=90-99' })).status).toBe(416);
    expect(
      (await api.get(`/artifacts/${hash}`, { 'if-none-match': `"${hash}"`, 'cache-control': 'max-age=0' }))
        .status,
    ).toBe(304);
    expect(
      (await fetch(`${api.url}/artifacts/${hash}`, { method: 'HEAD' })).headers.get('content-length'),
    ).toBe('10');
  });

  it('is refused, and kept by no cache, when its bytes are damaged', async () => {
    const { hash } = await api.store.artifacts.put(Buffer.from('weights of a model'), 'text/plain');
    await api.store.database.prisma.artifact.create({ data: { hash, bytes: 18n, mediaType: 'text/plain' } });
    await flipBit(api.store.artifacts, hash);
    const asked: Record<string, string>[] = [{}, { range: 'bytes=0-3' }, { 'if-none-match': `"${hash}"` }];
    for (const headers of asked) {
      const answer = await api.get(`/artifacts/${hash}`, headers);
      expect([answer.status, answer.headers.get('etag')]).toEqual([500, null]);
      expect(answer.headers.get('cache-control') ?? '').not.toMatch(/immutable/);
      expect(await answer.json()).toMatchObject({ error: { code: 'DAMAGED' } });
    }
  });

  it.each(['0'.repeat(64), '../../etc/passwd', 'abc', '%2e%2e%2fsecret'])(
    'is not there for "%s"',
    async (hash) => {
      expect((await askRaw(api.port, { path: `/artifacts/${hash}` })).status).toBe(404);
    },
  );
});

describe('a model', () => {
  it('is served as TensorFlow.js asks for it, model.json with its weights, and as ONNX', async () => {
    const response = await api.get(`/runs/${run.id}/model/model.json`);
    expect(response.headers.get('content-type')).toMatch(/json/);
    const { weightsManifest } = (await response.json()) as { weightsManifest: { paths: string[] }[] };
    const weights = await api.get(`/runs/${run.id}/model/${weightsManifest[0]!.paths[0]}`);
    expect(await weights.text()).toBe('weights');
    const onnx = await api.get(`/runs/${run.id}/model/model.onnx`);
    expect(await onnx.text()).toBe('onnx');
    expect((await api.get(`/runs/${run.id}/model/other.txt`)).status).toBe(404);
    expect((await api.get('/runs/none/model/model.json')).status).toBe(404);
  });
});

describe('pictures', () => {
  it('show a patch pixel for pixel', async () => {
    for (const index of [0, 57, bench.dataset.patches.length - 1]) {
      const response = await api.get(`/datasets/${bench.dataset.datasetId}/patches/${index}.png`);
      const { data, info } = await sharp(Buffer.from(await response.arrayBuffer()))
        .raw()
        .toBuffer({ resolveWithObject: true });
      const patch = bench.dataset.patches[index]!;
      expect([info.width, info.height, info.channels]).toEqual([patch.widthPx, patch.heightPx, 3]);
      expect(data.equals(patch.pixels)).toBe(true);
    }
  });

  it('show a slide with every patch in its place, strips too', async () => {
    const patient = 4;
    const { slides } = await slidesOf(patient);
    const response = await api.get(`/slides/${slides[0]!.id}/tissue.png`);
    expect(response.headers.get('cache-control')).toMatch(/immutable/);
    const { data, info } = await sharp(Buffer.from(await response.arrayBuffer()))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const own = bench.dataset.patches.filter((patch) => patch.patient === patient);
    const covered = new Set<number>();
    for (const { x, y, widthPx, heightPx, pixels } of own) {
      for (let at = 0; at < widthPx * heightPx; at++) {
        const pixel = (y + Math.floor(at / widthPx)) * info.width + x + (at % widthPx);
        covered.add(pixel);
        expect([...data.subarray(pixel * 4, pixel * 4 + 4)]).toEqual([
          ...pixels.subarray(at * 3, at * 3 + 3),
          255,
        ]);
      }
    }
    for (let pixel = 0; pixel < info.width * info.height; pixel++) {
      if (!covered.has(pixel)) expect(data[pixel * 4 + 3]).toBe(0);
    }
    const etag = response.headers.get('etag')!;
    const again = await api.get(`/slides/${slides[0]!.id}/tissue.png`, {
      'if-none-match': etag,
      'cache-control': 'max-age=0',
    });
    expect(again.status).toBe(304);
  });

  it.each([
    ['a patch beyond the last', () => `/datasets/${bench.dataset.datasetId}/patches/99999.png`, 404],
    ['a patch that is no number', () => `/datasets/${bench.dataset.datasetId}/patches/-1.png`, 404],
    ['an unknown slide', () => '/slides/00000000-0000-4000-8000-000000000000/tissue.png', 404],
    [
      'a picture without size',
      () => '/slides/00000000-0000-4000-8000-000000000000/tissue.png?maxSidePx=0',
      400,
    ],
    ['a heatmap of TRAIN, which has no predictions', () => heatmapOfTrain, 404],
  ])('are not there for %s', async (_name, path, status) => {
    heatmapOfTrain ||= await findTrainHeatmap();
    expect((await api.get(path())).status).toBe(status);
  });

  let heatmapOfTrain = '';
});

async function slidesOf(patient: number): Promise<{ slides: { id: string }[] }> {
  const key = bench.dataset.patientKeys[patient];
  const answer = await api.ask<{ patients: { edges: { node: { slides: { id: string }[] } }[] } }>(
    'query ($id: ID!, $key: String) { patients(datasetId: $id, search: $key) { edges { node { slides { id } } } } }',
    { id: bench.dataset.datasetId, key },
  );
  return answer.patients.edges[0]!.node;
}

async function findTrainHeatmap(): Promise<string> {
  const answer = await api.ask<{ run: { slides: { slide: { id: string } }[] } }>(
    'query ($id: ID!) { run(id: $id) { slides(subset: TRAIN) { slide { id } } } }',
    { id: run.id },
  );
  return `/runs/${run.id}/slides/${answer.run.slides[0]!.slide.id}/heatmap.png`;
}
