/** A page says that the database is away, as the API tells it, and loads its data again when it is back. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Connection, createConnection } from '../../apps/web/api/connection.ts';
import { watchReadiness } from '../../apps/web/api/watch-readiness.ts';

const SENTENCE = 'The database did not answer within 3 s.';

let api: Server;
let isReady = true;
let connection: Connection;
let reloads = 0;
beforeAll(async () => {
  api = createServer((_request, response) => {
    response.writeHead(isReady ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isReady ? { status: 'ready' } : { error: { message: SENTENCE } }));
  }).listen(0, '127.0.0.1');
  await once(api, 'listening');
});
afterAll(() => api.close());
beforeEach(() => {
  isReady = true;
  reloads = 0;
  connection = createConnection();
  connection.set('connected');
  const { port } = api.address() as AddressInfo;
  return watchReadiness({
    apiUrl: `http://127.0.0.1:${port}`,
    connection,
    onReady: () => {
      reloads += 1;
    },
    intervalMs: 5,
  });
});

it('says so while it lasts, and loads again afterwards', async () => {
  isReady = false;
  await expect.poll(() => [connection.get(), connection.getReason()]).toEqual(['limited', SENTENCE]);
  expect(reloads).toBe(0);
  isReady = true;
  await expect.poll(() => [connection.get(), reloads]).toEqual(['connected', 1]);
});

it('leaves a lost connection to the socket', async () => {
  connection.set('lost');
  isReady = false;
  const asked = once(api, 'request');
  await asked;
  await once(api, 'request');
  expect(connection.get()).toBe('lost');
});
