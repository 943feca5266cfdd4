import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Run } from '@microtome/store/generated/prisma/client';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Bench, createBench, finishRun } from './run-fixtures.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
let bench: Bench;
let run: Run;

beforeAll(async () => {
  api = await startTestApi({ hasGraphiql: true });
  bench = await createBench(api.store);
  run = await finishRun(api.store, bench);
});
afterAll(() => api.close());

/** `fetch` does not let a Host header be set. */
async function ask(options: {
  path: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}) {
  const { path, method = 'GET', headers = {}, body } = options;
  const sent = httpRequest({ host: '127.0.0.1', port: api.port, path, method, headers });
  sent.end(body);
  const [response] = await once(sent, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return {
    status: response.statusCode as number,
    headers: response.headers,
    text: Buffer.concat(chunks).toString(),
  };
}

describe('health and figures', () => {
  it('say that the process lives and can serve', async () => {
    expect(await (await api.get('/healthz')).json()).toEqual({ status: 'ok' });
    await expect.poll(async () => (await api.get('/readyz')).status).toBe(200);
  });

  it('count requests, runs by status, the queue, subscriptions and the process', async () => {
    const text = await (await api.get('/metrics')).text();
    expect(text).toMatch(/^microtome_runs\{status="SUCCEEDED"\} 1$/m);
    expect(text).toMatch(/^microtome_runs\{status="FAILED"\} 0$/m);
    expect(text).toMatch(/^microtome_subscriptions 0$/m);
    expect(text).toMatch(/^microtome_queue_depth\{queue="run-auto"\} \d+$/m);
    expect(text).toMatch(
      /^microtome_http_request_duration_seconds_count\{method="GET",route="\/healthz",status="200"\} \d+$/m,
    );
    expect(text).toMatch(/^process_resident_memory_bytes \d+/m);
  });

  it('log each request with an id, which the client gets and may choose', async () => {
    const response = await api.get('/healthz', { 'x-request-id': 'chosen-1' });
    expect(response.headers.get('x-request-id')).toBe('chosen-1');
    const other = await api.get('/nowhere', { 'x-request-id': 'not a good id!' });
    const requestId = other.headers.get('x-request-id');
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    await expect
      .poll(() => api.logged.find((line) => line.requestId === requestId))
      .toMatchObject({ path: '/nowhere', status: 404 });
  });
});

describe('foreign hosts and origins', () => {
  it.each([
    ['a host of another name', { host: 'evil.example' }],
    ['a host with another port', { host: 'localhost:1' }],
    ['a page of another origin', { origin: 'http://evil.example' }],
  ])('are refused over HTTP: %s', async (_name, headers) => {
    const own = { host: `127.0.0.1:${api.port}`, ...headers } as Record<string, string>;
    for (const path of ['/healthz', '/graphql', `/runs/${run.id}/predictions.csv`]) {
      const { status, text } = await ask({ path, headers: own });
      expect(status).toBe(403);
      expect(text).toMatch(/FORBIDDEN/);
    }
  });

  it('are refused over WebSocket, where loopback pages are let in', async () => {
    const connect = (headers: Record<string, string>) => {
      const socket = new WebSocket(`ws://127.0.0.1:${api.port}/graphql`, 'graphql-transport-ws', { headers });
      return Promise.race([
        once(socket, 'open').then(() => 'open'),
        once(socket, 'unexpected-response').then(([, response]) => response.statusCode as number),
      ]).finally(() => socket.terminate());
    };
    expect(await connect({ host: 'evil.example' })).toBe(403);
    expect(await connect({ origin: 'http://evil.example' })).toBe(403);
    expect(await connect({ origin: 'http://localhost:3000' })).toBe('open');
    expect(await connect({})).toBe('open');
  });

  it('get no leave to read, and the dashboard does', async () => {
    const allowed = await api.get('/healthz', { origin: 'http://localhost:3000' });
    expect(allowed.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
    expect((await api.get('/healthz')).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('a mutation', () => {
  const mutation = 'mutation { createModel(input: { name: "forged" }) { id } }';

  it.each([
    [
      'a form',
      { 'content-type': 'application/x-www-form-urlencoded' },
      `query=${encodeURIComponent(mutation)}`,
    ],
    ['plain text', { 'content-type': 'text/plain' }, JSON.stringify({ query: mutation })],
    ['no type', {}, JSON.stringify({ query: mutation })],
  ])('is taken as JSON alone, not from %s', async (_name, headers, body) => {
    const response = await ask({
      path: '/graphql',
      method: 'POST',
      headers: headers as Record<string, string>,
      body,
    });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(await api.ask('{ model(name: "forged") { id } }')).toEqual({ model: null });
  });

  it('is never taken from a GET', async () => {
    const path = `/graphql?query=${encodeURIComponent(mutation)}`;
    const response = await ask({
      path,
      headers: { accept: 'application/json', 'apollo-require-preflight': 'yes' },
    });
    expect(response.status).toBe(405);
    expect(await api.ask('{ model(name: "forged") { id } }')).toEqual({ model: null });
  });
});

describe('a query beyond the bounds', () => {
  it('is refused when it nests too deep', async () => {
    const deep = `{ runs { edges { node ${'{ experiment { dataset { splits '.repeat(5)}{ id }${' } } }'.repeat(5)} } } }`;
    expect(await api.fail(deep)).toMatchObject({ code: 'BAD_INPUT' });
  });

  it('is refused when it is too long', async () => {
    const long = `{ ${Array.from({ length: 3000 }, (_, n) => `a${n}: importRoots`).join(' ')} }`;
    expect(await api.fail(long)).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/token/),
    });
  });

  it('is refused over WebSocket as well', async () => {
    const long = `subscription { ${Array.from({ length: 3000 }, (_, n) => `a${n}: __typename`).join(' ')} }`;
    await expect(api.follow(long).next()).rejects.toMatchObject([
      { message: expect.stringMatching(/token/), extensions: { code: 'BAD_INPUT' } },
    ]);
  });
});

describe('what nobody foresaw', () => {
  it('is logged with its request and answered without details', async () => {
    const { prisma } = api.store.database;
    const { findMany } = prisma.worker;
    Object.assign(prisma.worker, { findMany: () => Promise.reject(new Error('secret detail')) });
    const answer = await api
      .fail('{ workers { id } }')
      .finally(() => Object.assign(prisma.worker, { findMany }));
    expect(answer).toEqual({
      code: 'INTERNAL',
      message: 'Something went wrong on the server. Its log has the details.',
    });
    expect(JSON.stringify(api.logged)).toContain('secret detail');
  });
});

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

  it.each(['0'.repeat(64), '../../etc/passwd', 'abc', '%2e%2e%2fsecret'])(
    'is not there for "%s"',
    async (hash) => {
      expect((await ask({ path: `/artifacts/${hash}` })).status).toBe(404);
    },
  );
});

describe('a model', () => {
  it('is served as TensorFlow.js asks for it: model.json and the weights beside it', async () => {
    const response = await api.get(`/runs/${run.id}/model/model.json`);
    expect(response.headers.get('content-type')).toMatch(/json/);
    const { weightsManifest } = (await response.json()) as { weightsManifest: { paths: string[] }[] };
    const weights = await api.get(`/runs/${run.id}/model/${weightsManifest[0]!.paths[0]}`);
    expect(await weights.text()).toBe('weights');
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
    ['a slide of nobody', () => '/slides/00000000-0000-4000-8000-000000000000/tissue.png', 404],
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

describe('GraphiQL', () => {
  it('is one page with everything in it, that may fetch from this server alone', async () => {
    const response = await api.get('/graphql', { accept: 'text/html' });
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await response.text();
    const markup = page.slice(0, page.indexOf('<script>'));
    const outside = [...markup.matchAll(/<(?:script|link|img|iframe)[^>]+(?:src|href)="([^"]+)"/g)]
      .map(([, url]) => url!)
      .filter((url) => !url.startsWith('data:'));
    expect(outside).toEqual([]);
    expect(page).toContain('"subscriptionsProtocol":"WS"');
  });
});

describe('the process', () => {
  const script = fileURLToPath(new URL('../../apps/api/src/main.ts', import.meta.url));
  const start = (env: Record<string, string>): ChildProcess =>
    spawn(process.execPath, [script], { env: { PATH: '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });

  it('serves, and on SIGTERM ends subscriptions, closes and leaves with status 0', async () => {
    const child = start({
      DATABASE_URL: api.store.database.url,
      ARTIFACT_URL: api.store.artifacts.url,
      API_PORT: '0',
      IMPORT_ROOTS: api.importRoot,
    });
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    let url = '';
    while (!url) url = JSON.parse((await lines.next()).value).url ?? '';
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ runs { totalCount } }' }),
    });
    expect(await answer.json()).toEqual({ data: { runs: { totalCount: 1 } } });
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
    await once(socket, 'open');
    const closed = once(socket, 'close');
    child.kill('SIGTERM');
    expect((await closed)[0]).toBe(1001);
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('does not start without a database, and names the variable', async () => {
    const child = start({});
    const stderr: Buffer[] = [];
    child.stderr!.on('data', (chunk) => stderr.push(chunk));
    const [code] = await once(child, 'exit');
    expect(code).not.toBe(0);
    expect(Buffer.concat(stderr).toString()).toMatch(/DATABASE_URL/);
  });
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
