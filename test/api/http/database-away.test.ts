/** What the API answers over HTTP while the database is away: that it is, at once, and that asking again is worth it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DatabaseProxy, openDatabaseProxy } from '../../fixtures/database-proxy.ts';
import { type Bench, createBench, finishRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

let proxy: DatabaseProxy;
let api: TestApi;
let bench: Bench;
let runId: string;

beforeAll(async () => {
  api = await startTestApi({
    async route(databaseUrl) {
      proxy = await openDatabaseProxy(databaseUrl);
      return proxy.databaseUrl;
    },
  });
  bench = await createBench(api.store);
  runId = (await finishRun(api.store, bench)).id;
});
afterAll(async () => {
  await api.close();
  await proxy.close();
});

async function post(query: string) {
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as { data: unknown; errors?: object[] };
}

describe('while the database is away', () => {
  const away = {
    message: 'The database is not responding. Try again in a moment.',
    extensions: { code: 'UNAVAILABLE', retryable: true, requestId: expect.any(String) },
  };

  it('queries and mutations say so and are worth another try, which then succeeds', async () => {
    const asked = {
      one: `{ run(id: "${runId}") { id metrics { name } } }`,
      list: '{ runs(first: 5) { edges { node { id evaluations { subset } } } } }',
      act: 'mutation { createModel(input: { name: "away" }) { name } }',
    };
    proxy.cut();
    for (const document of [asked.one, asked.list, asked.act])
      expect((await post(document)).errors, document).toEqual([expect.objectContaining(away)]);
    proxy.mend();
    expect(await post(asked.act)).toEqual({ data: { createModel: { name: 'away' } } });
    for (const document of [asked.one, asked.list]) expect((await post(document)).errors).toBeUndefined();
  });

  it('files say so, the process is alive and not ready, and ready again when it is back', async () => {
    proxy.cut();
    const file = await api.get(`/runs/${runId}/predictions.csv`);
    expect(file.status).toBe(503);
    expect(await file.json()).toMatchObject({ error: { code: 'UNAVAILABLE', message: away.message } });
    expect((await api.get('/healthz')).status).toBe(200);
    const ready = await api.get('/readyz');
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ error: { code: 'UNAVAILABLE' } });
    proxy.mend();
    await expect.poll(async () => (await api.get('/readyz')).status, { timeout: 30_000 }).toBe(200);
    expect((await api.get(`/runs/${runId}/predictions.csv`)).status).toBe(200);
  });
});
