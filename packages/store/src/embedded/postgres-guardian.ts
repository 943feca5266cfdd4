/**
 * Main file of the process that runs the PostgreSQL server: it limits the size of the server's log, and it stops the
 * server when the process that started it is gone, however that ended. It ends when the server does, and it helps a
 * server that was told by another to end: until all its clients had left, that one would let no other in.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { openBoundedLog } from '../log/bounded-log.ts';
import { createPostgresLauncher } from './postgres-binaries.ts';

/** The database's clients end by themselves when their parent is gone; then the server has no reason to wait. */
const PATIENCE_MS = 20_000;
const IMMEDIATE_AFTER_MS = 10_000;
const LOOK_INTERVAL_MS = 1_000;

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
let isStopping = false;
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
const looking = setInterval(async () => {
  if (isStopping || !(await isShuttingDown())) return;
  log.write(Buffer.from('The server was told to end by another process: its clients are sent away.\n'));
  stopServer('SIGINT');
}, LOOK_INTERVAL_MS);

const [code] = (await once(server, 'close')) as [number | null];
clearInterval(looking);
await log.close();
process.exit(code ?? 1);

/** SIGTERM waits for clients to leave, SIGINT sends them away; either is given a while. */
function stopServer(signal: 'SIGTERM' | 'SIGINT'): void {
  isStopping = true;
  server.kill(signal);
  if (signal === 'SIGINT') setTimeout(() => server.kill('SIGQUIT'), IMMEDIATE_AFTER_MS).unref();
}

/** The server's note of itself says so in its eighth line. */
async function isShuttingDown(): Promise<boolean> {
  const note = await readFile(join(request.dataDir, 'postmaster.pid'), 'utf8').catch(() => '');
  return note.split('\n')[7]?.trim() === 'stopping';
}
