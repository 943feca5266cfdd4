/**
 * ONNX Runtime for the browser, served as it was installed: the analyser's worker loads it from here, and its threads load
 * themselves from the same addresses. Nothing comes from elsewhere.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { RUNTIME_FILES, RUNTIME_PATH } from './analyser/runtime-paths.ts';

const TYPES: Readonly<Record<string, string>> = { mjs: 'text/javascript', wasm: 'application/wasm' };
const NAMES: ReadonlySet<string> = new Set(Object.values(RUNTIME_FILES).flatMap(Object.values<string>));

/** Its name, where the path is one of theirs. */
export function findRuntimeFile(path: string): string | null {
  if (!path.startsWith(RUNTIME_PATH)) return null;
  const name = path.slice(RUNTIME_PATH.length);
  return NAMES.has(name) ? name : null;
}

export async function sendRuntimeFile(
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const file = join(findFolder(), name);
    const { size, mtimeMs } = await stat(file);
    const tag = `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`;
    response.setHeader('cache-control', 'no-cache');
    response.setHeader('etag', tag);
    if (request.headers['if-none-match'] === tag) {
      response.writeHead(304).end();
      return;
    }
    const type = TYPES[name.split('.').at(-1) ?? ''];
    response.writeHead(200, { 'content-type': type, 'content-length': size });
    await pipeline(createReadStream(file), response);
  } catch {
    // The browser has gone, or the file has: what was begun cannot be mended.
    if (response.headersSent) response.destroy();
    else response.writeHead(404).end();
  }
}

function findFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));
}
