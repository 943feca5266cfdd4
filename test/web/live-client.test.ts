/** A page notices by itself that the API has fallen silent on an open socket, and comes back when it answers again. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Client } from 'graphql-ws';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Connection, createConnection } from '../../apps/web/api/connection.ts';
import { createLiveClient } from '../../apps/web/api/live-client.ts';

let server: WebSocketServer;
let live: Client;
let connection: Connection;
let isFrozen: boolean;
let pings: number;
let reconnects: number;

beforeEach(async () => {
  isFrozen = false;
  pings = 0;
  reconnects = 0;
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => socket.on('message', (data) => answer(socket, String(data))));
  await once(server, 'listening');
  connection = createConnection();
  live = createLiveClient({
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connection,
    onReconnect: () => {
      reconnects++;
    },
    askIntervalMs: 10,
    answerWithinMs: 500,
  });
  await expect.poll(() => connection.get()).toBe('connected');
});
afterEach(async () => {
  await live.dispose();
  for (const socket of server.clients) socket.terminate();
  server.close();
});

/** A frozen server keeps its sockets and says nothing. */
function answer(socket: WebSocket, data: string): void {
  const { type } = JSON.parse(data) as { type: string };
  if (type === 'ping') pings++;
  if (isFrozen) return;
  if (type === 'connection_init') socket.send(JSON.stringify({ type: 'connection_ack' }));
  if (type === 'ping') socket.send(JSON.stringify({ type: 'pong' }));
}

it('stays connected while it is answered, and knows when it last was', async () => {
  const first = connection.getHeardAtMs();
  expect(first).not.toBeNull();
  await expect.poll(() => pings, { timeout: 5_000 }).toBeGreaterThan(5);
  expect(connection.getHeardAtMs()).toBeGreaterThan(first!);
  expect([connection.get(), reconnects]).toEqual(['connected', 0]);
});

it('is lost without an answer, though nothing closed the socket, and comes back', {
  timeout: 20_000,
}, async () => {
  isFrozen = true;
  await expect.poll(() => connection.get(), { timeout: 5_000 }).toBe('lost');
  const heardAtMs = connection.getHeardAtMs();
  expect(Date.now() - heardAtMs!).toBeGreaterThanOrEqual(500);
  expect(connection.getReason()).toBeNull();
  isFrozen = false;
  await expect.poll(() => [connection.get(), reconnects], { timeout: 15_000 }).toEqual(['connected', 1]);
  expect(connection.getHeardAtMs()).toBeGreaterThan(heardAtMs!);
});
