/**
 * What the build has made, compressed once and as far as it goes: half of the text that a page needs is scripts. `npm run
 * build` leaves each beside its file, and the server sends that to a browser which takes it; to any other Next.js answers.
 */
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';

/** Scripts and styles that the build has made. */
export const BUILT_PATH = '/_next/static/';

const BUILT_FOLDER = join(dirname(fileURLToPath(import.meta.url)), '.next', 'static');
const SUFFIX = '.br';
const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};
/** Names carry a digest of what is in the file. */
const CACHE_CONTROL = 'public, max-age=31536000, immutable';

const compress = promisify(brotliCompress);

export async function compressBuiltFiles(folder = BUILT_FOLDER): Promise<void> {
  const names = await readdir(folder, { recursive: true });
  for (const name of names.filter((one) => readType(one) !== undefined)) {
    const file = join(folder, name);
    await writeFile(`${file}${SUFFIX}`, await compress(await readFile(file)));
  }
}

/** Whether it was sent: not where there is none, or the browser takes none. */
export async function sendCompressedFile(
  path: string,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  folder = BUILT_FOLDER,
): Promise<boolean> {
  const type = readType(path);
  if (type === undefined || !path.startsWith(BUILT_PATH) || path.includes('..')) return false;
  if (request.method !== 'GET' || !takesBrotli(request)) return false;
  const file = `${join(folder, path.slice(BUILT_PATH.length))}${SUFFIX}`;
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) return false;
  response.writeHead(200, {
    'content-type': type,
    'content-length': found.size,
    'content-encoding': 'br',
    'cache-control': CACHE_CONTROL,
    vary: 'Accept-Encoding',
  });
  // A browser that has gone takes no more.
  await pipeline(createReadStream(file), response).catch(() => response.destroy());
  return true;
}

function readType(name: string): string | undefined {
  return TYPES[/\.(\w+)$/.exec(name)?.[1] ?? ''];
}

function takesBrotli({ headers }: IncomingMessage): boolean {
  return /(^|,)\s*br\s*(,|;(?!\s*q=0(\.0*)?\s*(,|$))|$)/.test(String(headers['accept-encoding'] ?? ''));
}
