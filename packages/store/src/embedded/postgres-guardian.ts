/**
 * Main file of the process that runs the PostgreSQL server: it limits the size of the server's log, and it stops the
 * server when the process that started it is gone, however that ended. It ends when the server does.
 */
import { once } from 'node:events';
import { z } from 'zod';
import { openBoundedLog } from '../log/bounded-log.ts';
import { createPostgresLauncher } from './postgres-binaries.ts';

/** The database's clients end by themselves when their parent is gone; then the server has no reason to wait. */
const PATIENCE_MS = 20_000;
const IMMEDIATE_AFTER_MS = 10_000;

const requestSchema = z.object({
  dataDir: z.string(),
  logPath: z.string(),
  port: z.int(),
  /** Given as `name=value`. */
  settings: z.array(z.string()),
});

export type GuardianRequest = z.infer<typeof requestSchema>;

const request = requestSchema.parse(JSON.parse(process.argv[2] ?? ''));
const log = openBoundedLog(request.logPath);
const launcher = await createPostgresLauncher();
const server = launcher.spawn(
  'postgres',
  [
    '-D',
    request.dataDir,
    '-p',
    String(request.port),
    ...request.settings.flatMap((setting) => ['-c', setting]),
  ],
  { stdio: ['ignore', 'pipe', 'pipe'], detached: true },
);
for (const output of [server.stdout, server.stderr]) output?.on('data', (chunk) => log.write(chunk));

// Ctrl-C and a closed terminal are for the process that started the server: it says when to stop.
for (const signal of ['SIGHUP', 'SIGINT'] as const) process.on(signal, () => undefined);
process.once('SIGTERM', () => stopServer('SIGINT'));
process.once('SIGQUIT', () => server.kill('SIGQUIT'));
process.once('disconnect', () => {
  // Waits for the clients first: they may still be writing.
  stopServer('SIGTERM');
  setTimeout(() => stopServer('SIGINT'), PATIENCE_MS).unref();
});
if (!process.connected) stopServer('SIGINT');

const [code] = (await once(server, 'close')) as [number | null];
await log.close();
process.exit(code ?? 1);

/** SIGTERM waits for clients to leave, SIGINT sends them away; either is given a while. */
function stopServer(signal: 'SIGTERM' | 'SIGINT'): void {
  server.kill(signal);
  if (signal === 'SIGINT') setTimeout(() => server.kill('SIGQUIT'), IMMEDIATE_AFTER_MS).unref();
}
