/** Which addresses a page of the dashboard may load from, and that no one but the server says which scripts run. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ApiLocation } from '../../apps/web/api/api-address.ts';
import {
  crossesIsolation,
  limitPage,
  limitRefusal,
  limitScript,
  NONCE_HEADER,
} from '../../apps/web/content-policy.ts';
import { findRuntimeFile } from '../../apps/web/runtime-files.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** What a page's request and its answer carry. */
async function askPage(api: ApiLocation, hostname = '127.0.0.1', sent: Record<string, string> = {}) {
  let seen: Record<string, unknown> = {};
  const server = createServer((request, response) => {
    limitPage({ request, response, api, hostname });
    seen = { ...request.headers };
    response.end();
  }).listen(0, '127.0.0.1');
  closers.push(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { headers } = await fetch(`http://127.0.0.1:${port}/`, { headers: sent });
  const policy = headers.get('content-security-policy')!;
  const directives = new Map(policy.split('; ').map((one) => [one.split(' ')[0]!, one]));
  return {
    headers,
    directives,
    nonce: String(seen[NONCE_HEADER]),
    seenPolicy: seen['content-security-policy'],
  };
}

describe('the policy of a page', () => {
  it('names the API on the page’s own host, with its WebSocket', async () => {
    const { directives } = await askPage({ apiUrl: null, apiPort: 4000 }, '10.0.0.7');
    expect(directives.get('connect-src')).toBe("connect-src 'self' http://10.0.0.7:4000 ws://10.0.0.7:4000");
    expect(directives.get('img-src')).toBe("img-src 'self' data: blob: http://10.0.0.7:4000");
  });

  it('names the API that was given, without its path', async () => {
    const { directives } = await askPage({ apiUrl: 'https://lab.example/api', apiPort: 4000 });
    expect(directives.get('connect-src')).toBe("connect-src 'self' https://lab.example wss://lab.example");
  });

  it('names a port where the host is an IPv6 address, which a policy cannot name', async () => {
    const { directives } = await askPage({ apiUrl: null, apiPort: 4000 }, '[::1]');
    expect(directives.get('connect-src')).toBe("connect-src 'self' http://*:4000 ws://*:4000");
  });

  it('has a nonce of its own, whatever the request says', async () => {
    const forged = { [NONCE_HEADER]: 'forged', 'content-security-policy': "script-src 'nonce-forged'" };
    const api = { apiUrl: null, apiPort: 4000 };
    const answers = [await askPage(api), await askPage(api, '127.0.0.1', forged)];
    for (const { directives, nonce, seenPolicy, headers } of answers) {
      expect(directives.get('script-src')).toBe(`script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`);
      expect(seenPolicy).toBe(headers.get('content-security-policy'));
      expect(headers.get('x-frame-options')).toBe('DENY');
    }
    const nonces = answers.map(({ nonce }) => nonce);
    expect(new Set([...nonces, 'forged']).size).toBe(3);
  });

  it('lets a refusal load nothing', async () => {
    const server = createServer((_request, response) => {
      limitRefusal(response);
      response.writeHead(403).end();
    }).listen(0, '127.0.0.1');
    closers.push(() => server.close());
    await once(server, 'listening');
    const { headers } = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('is isolated, and may compile WebAssembly in a worker, on the analyser’s page alone', async () => {
    const ask = async (
      path: string,
      answer: (request: IncomingMessage, response: ServerResponse) => void,
    ) => {
      const server = createServer((request, response) => {
        answer(request, response);
        response.end();
      }).listen(0, '127.0.0.1');
      closers.push(() => server.close());
      await once(server, 'listening');
      const { headers } = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
      return {
        policy: headers.get('content-security-policy'),
        embedder: headers.get('cross-origin-embedder-policy'),
      };
    };
    const api = { apiUrl: null, apiPort: 4000 };
    const asPage = (request: IncomingMessage, response: ServerResponse) =>
      limitPage({ request, response, api, hostname: '127.0.0.1' });
    expect((await ask('/analyse?model=x', asPage)).embedder).toBe('require-corp');
    for (const path of ['/', '/analyses', '/runs/analyse'])
      expect((await ask(path, asPage)).embedder).toBeNull();
    expect((await ask('/analyse', asPage)).policy).not.toContain('wasm');
    const script = await ask('/worker.js', (_request, response) => limitScript(response));
    expect(script).toEqual({
      policy:
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'",
      embedder: 'require-corp',
    });
  });

  it('makes the browser load a new document where isolation begins or ends', () => {
    const asked = (url: string, from: string | undefined, rsc: string | null = '1') =>
      crossesIsolation({
        url,
        headers: { rsc: rsc ?? undefined, referer: from },
      } as unknown as IncomingMessage);
    expect(asked('/analyse?_rsc=1', 'http://x/runs')).toBe(true);
    expect(asked('/runs?_rsc=1', 'http://x/analyse?model=1')).toBe(true);
    expect(asked('/analyse?_rsc=1', 'http://x/analyse')).toBe(false);
    expect(asked('/runs?_rsc=1', 'http://x/models')).toBe(false);
    expect(asked('/analyse', 'http://x/runs', null)).toBe(false);
    expect(asked('/analyse', undefined)).toBe(false);
    const ahead = { rsc: '1', 'next-router-prefetch': '1', referer: 'http://x/runs' };
    expect(crossesIsolation({ url: '/analyse', headers: ahead } as unknown as IncomingMessage)).toBe(false);
  });
});

describe('the files of ONNX Runtime', () => {
  it('are those that the analyser needs, and no others', () => {
    expect(findRuntimeFile('/analyse/runtime/ort.wasm.min.mjs')).toBe('ort.wasm.min.mjs');
    for (const path of [
      '/analyse/runtime/',
      '/analyse/runtime/../package.json',
      '/analyse/runtime/ort.js',
      '/ort.wasm.min.mjs',
    ])
      expect(findRuntimeFile(path)).toBeNull();
  });
});
