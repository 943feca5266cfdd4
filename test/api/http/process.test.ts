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

  it.each([
    ['without a database', {}, /DATABASE_URL/],
    [
      'where others can reach it without sign-in',
      { DATABASE_URL: 'postgresql://127.0.0.1/none', API_HOST: '0.0.0.0' },
      /^API_HOST is 0\.0\.0\.0.*Set AUTH=on/,
    ],
  ])('does not start %s, and says why in one line', async (_where, env, sentence) => {
    const child = start(env);
    const told = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream]!.setEncoding('utf8').on('data', (text: string) => {
        told[stream] += text;
      });
    }
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(told.stderr).toBe('');
    expect((JSON.parse(told.stdout) as { msg: string }).msg).toMatch(sentence);
  });
});
