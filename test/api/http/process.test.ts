import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createTestStore, type TestStore } from '../../test-store.ts';

let given: TestStore;

beforeAll(async () => {
  given = await createTestStore();
});
afterAll(() => given.close());

describe('the process', () => {
  const script = fileURLToPath(new URL('../../../apps/api/src/main.ts', import.meta.url));
  const start = (env: Record<string, string>): ChildProcess =>
    spawn(process.execPath, [script], { env: { PATH: '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });

  it('serves, and on SIGTERM ends subscriptions, closes and leaves with status 0', async () => {
    const child = start({
      DATABASE_URL: given.databaseUrl,
      ARTIFACT_URL: given.artifactUrl,
      API_PORT: '0',
    });
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    let url = '';
    while (!url) url = JSON.parse((await lines.next()).value).url ?? '';
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ runs { totalCount } }' }),
    });
    expect(await answer.json()).toEqual({ data: { runs: { totalCount: 0 } } });
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
