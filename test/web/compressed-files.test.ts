/** What the build has made reaches a browser compressed as far as it goes, and nothing else is sent that way. */
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compressBuiltFiles, sendCompressedFile } from '../../apps/web/compressed-files.ts';

const SCRIPT = 'console.log(1);'.repeat(500);

describe('what the build has made', () => {
  let folder: string;
  const server = createServer(async (request, response) => {
    const isSent = await sendCompressedFile(request.url ?? '', { request, response }, join(folder, 'static'));
    if (!isSent) response.writeHead(404).end();
  });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microtome-static-'));
    await mkdir(join(folder, 'static', 'chunks'), { recursive: true });
    await writeFile(join(folder, 'static', 'chunks', 'a.js'), SCRIPT);
    await writeFile(join(folder, 'static', 'chunks', 'a.map'), SCRIPT);
    await writeFile(join(folder, 'secret.js.br'), SCRIPT);
    await compressBuiltFiles(join(folder, 'static'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function load(path: string, encoding: string) {
    const { port } = server.address() as AddressInfo;
    const sent = ask({ port, path, headers: { 'accept-encoding': encoding } }).end();
    const [answer] = await once(sent, 'response');
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part);
    return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) };
  }

  it('is sent compressed, to be kept for good', async () => {
    const { status, headers, body } = await load('/_next/static/chunks/a.js', 'gzip, deflate, br, zstd');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-encoding': 'br',
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
    });
    expect(brotliDecompressSync(body).toString()).toBe(SCRIPT);
  });

  it.each([
    ['a browser that takes none', '/_next/static/chunks/a.js', 'gzip'],
    ['a browser that refuses it', '/_next/static/chunks/a.js', 'gzip, br;q=0'],
    ['another kind of file', '/_next/static/chunks/a.map', 'br'],
    ['what is not there', '/_next/static/chunks/b.js', 'br'],
    ['another folder', '/_next/static/../secret.js', 'br'],
    ['another path', '/chunks/a.js', 'br'],
  ])('is left to others for %s', async (_case, path, encoding) => {
    expect((await load(path, encoding)).status).toBe(404);
  });
});
