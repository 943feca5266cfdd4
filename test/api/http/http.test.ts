import { once } from 'node:events';
import type { Run } from '@microtome/store/generated/prisma/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { askRaw } from '../graphql/raw-request.ts';
import { createBench, finishRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

let api: TestApi;
let run: Run;

beforeAll(async () => {
  api = await startTestApi({ hasGraphiql: true });
  run = await finishRun(api.store, await createBench(api.store));
});
afterAll(() => api.close());

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
      const { status, text } = await askRaw(api.port, { path, headers: own });
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
    const response = await askRaw(api.port, {
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
    const response = await askRaw(api.port, {
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

describe('an unexpected error', () => {
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
