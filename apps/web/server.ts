/**
 * Serves the built dashboard on loopback. Unlike `next start`, it checks the Host header, so that a foreign page
 * cannot reach the dashboard under another host name, and it ends with the process that started it.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import next from 'next';
import { BUILT_PATH, sendCompressedFile } from './compressed-files.ts';
import { crossesIsolation, limitPage, limitRefusal, limitScript } from './content-policy.ts';
import { keepNextOffline, readServerEnv, readWebEnv } from './env.ts';
import { findRuntimeFile, sendRuntimeFile } from './runtime-files.ts';

// First of all: the process that started this may end while the dashboard is being loaded, and then no sign comes later.
if (process.send) {
  if (!process.connected) process.exit();
  process.once('disconnect', () => process.exit());
}

keepNextOffline();
const env = readServerEnv();
const api = readWebEnv();
const app = next({
  dev: false,
  dir: fileURLToPath(new URL('.', import.meta.url)),
  hostname: env.host,
  port: env.webPort,
});
await app.prepare();
const handle = app.getRequestHandler();

const server = createServer((request, response) => {
  const hostname = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (!env.allowedHosts.has(hostname)) {
    limitRefusal(response);
    response.writeHead(403, { 'content-type': 'text/plain' });
    response.end(`This dashboard does not answer to the host name "${hostname}". See ALLOWED_HOSTS.\n`);
    return;
  }
  const path = request.url?.split('?', 1)[0] ?? '/';
  const runtimeFile = findRuntimeFile(path);
  if (runtimeFile) {
    limitScript(response);
    void sendRuntimeFile(runtimeFile, request, response);
    return;
  }
  if (path.startsWith(BUILT_PATH)) limitScript(response);
  else limitPage({ request, response, api, hostname });
  if (crossesIsolation(request)) {
    // No answer that Next.js can put into the page: it loads the new one as a document.
    response.writeHead(200, { 'content-type': 'text/html', 'cache-control': 'no-store' }).end();
    return;
  }
  void answer(path, request, response);
});
async function answer(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (await sendCompressedFile(path, { request, response })) return;
  await handle(request, response);
}

server.listen(env.webPort, env.host);

function stop(): void {
  server.close(() => process.exit(0));
  server.closeAllConnections();
}
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
