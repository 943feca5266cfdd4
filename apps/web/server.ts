/**
 * Serves the built dashboard on loopback. Unlike `next start`, it checks the Host header, so that a foreign page
 * cannot reach the dashboard under another host name, and it ends with the process that started it.
 */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import next from 'next';
import { keepNextOffline, readServerEnv } from './env.ts';

/** On every answer, refusals too. What scripts may do is not limited yet. */
const HEADERS = {
  'content-security-policy': "frame-ancestors 'none'; object-src 'none'; base-uri 'self'; form-action 'self'",
  'referrer-policy': 'strict-origin-when-cross-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

keepNextOffline();
const env = readServerEnv();
const app = next({
  dev: false,
  dir: fileURLToPath(new URL('.', import.meta.url)),
  hostname: env.host,
  port: env.webPort,
});
await app.prepare();
const handle = app.getRequestHandler();

const server = createServer((request, response) => {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  const hostname = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (!env.allowedHosts.has(hostname)) {
    response.writeHead(403, { 'content-type': 'text/plain' });
    response.end(`This dashboard does not answer to the host name "${hostname}". See ALLOWED_HOSTS.\n`);
    return;
  }
  void handle(request, response);
});
server.listen(env.webPort, env.host);

function stop(): void {
  server.close(() => process.exit(0));
  server.closeAllConnections();
}
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
if (process.connected) process.once('disconnect', stop);
