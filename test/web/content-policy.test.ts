/** Which addresses a page of the dashboard may load from, and that no one but the server says which scripts run. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ApiLocation } from '../../apps/web/api/api-address.ts';
import { limitPage, limitRefusal, NONCE_HEADER } from '../../apps/web/content-policy.ts';

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
});
