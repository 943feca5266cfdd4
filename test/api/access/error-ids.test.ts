/** Every error says by which id the log finds it, wherever it is met, and tells nothing of how the server is built. */
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { MLFLOW_CALLS } from '../../../apps/api/src/mlflow/mlflow-calls.ts';
import { listRoutes } from '../http/route-list.ts';
import { type AccessBench, startAccessBench, type Who } from './access-bench.ts';

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];
/** Stack traces, places of source files, statements. */
const INNER = /\bat [\w.<>]+ \(|node_modules|\.ts:\d|\bselect\b.*\bfrom\b|prisma/i;
let bench: AccessBench;

beforeAll(async () => {
  bench = await startAccessBench();
});
afterAll(() => bench.close());

function ask(who: Who, method: string, path: string): Promise<Response> {
  const token = bench.tokens[who];
  return fetch(bench.api.url + path, {
    method,
    headers: token ? { authorization: `Bearer ${token}` } : {},
    redirect: 'manual',
    ...(method === 'GET' ? {} : { body: '{' }),
  });
}

/** Of an answer that refuses; undefined of any other, and of one that says it in GraphQL. */
async function readId(response: Response): Promise<unknown> {
  const text = await response.text();
  if (response.status < 400 || response.status === 416) return undefined;
  expect(text).not.toMatch(INNER);
  const body = JSON.parse(text) as {
    error?: { requestId: string };
    request_id?: string;
    errors?: { extensions: { requestId: string } }[];
  };
  return body.error?.requestId ?? body.request_id ?? body.errors?.[0]?.extensions.requestId;
}

describe('an error', () => {
  it.each(['NOBODY', 'FOREIGNER', 'SERVER_OWNER'] as const)(
    'of any route, met by %s, has the id of its request',
    async (who) => {
      const without: string[] = [];
      let refused = 0;
      const calls = MLFLOW_CALLS.map(({ path }) => `/mlflow/api/2.0/mlflow${path}`);
      for (const path of [...listRoutes(), ...calls, '/nothing', '/mlflow/nothing']) {
        for (const method of METHODS) {
          const response = await ask(who, method, path.replaceAll(/[:*]\w+/g, 'x'));
          const id = await readId(response);
          if (response.status < 400) continue;
          refused += 1;
          if (id !== response.headers.get('x-request-id')) without.push(`${method} ${path}`);
        }
      }
      expect(without).toEqual([]);
      expect(refused).toBeGreaterThan(listRoutes().length);
    },
  );

  it('of GraphQL has it over HTTP and over a socket', async () => {
    const query = `{ run(id: "${bench.mine.run}") { id } }`;
    const response = await fetch(`${bench.api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const id = response.headers.get('x-request-id');
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { requestId: id } }] });
    const client = createClient({
      url: `${bench.api.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    for await (const { errors } of client.iterate({ query })) {
      expect(errors?.[0]?.extensions?.requestId).toMatch(/^[0-9a-f-]{36}$/);
    }
    await client.dispose();
  });
});
