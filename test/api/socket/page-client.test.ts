/** What the dashboard's client makes of refusals: it asks again until there is room. */
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { retryRefused } from '../../../apps/web/api/retry-refused.ts';
import { type Bench, createBench, trainRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

const query = 'subscription ($runId: ID!) { runEvents(runId: $runId) { ... on RunEvent { seq } } }';

let api: TestApi;
let bench: Bench;

beforeAll(async () => {
  api = await startTestApi({ socketLimits: { operationsPerSocket: 2 } });
  bench = await createBench(api.store);
});
afterAll(() => api.close());

describe('a page that follows more than fits', () => {
  it('gets the rest as soon as there is room, and says meanwhile that it waits and why', async () => {
    const { id: runId } = await trainRun(api.store, bench);
    const client = createClient({
      url: `${api.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
    });
    const reasons: (string | null)[] = [];
    const live = retryRefused(client, { onWaiting: (reason) => reasons.push(reason), firstPauseMs: 20 });
    const heard = new Map<number, number>();
    const failed: unknown[] = [];
    const stops = [0, 1, 2, 3].map((at) =>
      live.subscribe(
        { query, variables: { runId } },
        {
          next: () => void heard.set(at, (heard.get(at) ?? 0) + 1),
          error: (error) => void failed.push(error),
          complete: () => undefined,
        },
      ),
    );
    await expect.poll(() => [...heard].sort(), { timeout: 20_000 }).toEqual([0, 1].map((at) => [at, 2]));
    expect(reasons.at(-1)).toBe('2 operations are open on this socket, and no more fit.');
    stops[3]!();
    stops[0]!();
    await expect.poll(() => heard.get(2), { timeout: 20_000 }).toBe(2);
    await expect.poll(() => reasons.at(-1), { timeout: 20_000 }).toBe(null);
    expect(heard.has(3)).toBe(false);
    expect(failed).toEqual([]);
    for (const stop of stops) stop();
    await client.dispose();
  });

  it('is told what another try would not change', async () => {
    const client = createClient({
      url: `${api.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
    });
    const live = retryRefused(client, { onWaiting: () => undefined });
    const error = await new Promise((resolve) => {
      live.subscribe(
        { query: 'subscription { nothing }' },
        { next: () => undefined, error: resolve, complete: () => undefined },
      );
    });
    expect(error).toEqual([expect.objectContaining({ message: expect.stringMatching(/nothing/) })]);
    await client.dispose();
  });
});
