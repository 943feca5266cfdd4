/**
 * A real PostgreSQL server for when none is configured: its files are in `<home>/postgres`, it listens on loopback only,
 * and its random password is in a file that only the owner can read. A server that dies is restarted on the
 * same port. Used when DATABASE_URL is unset, and by tests.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AppError, invariant } from '@microtome/domain/app-error';
import pg from 'pg';
import { acquireHomeLock } from './home-lock.ts';
import {
  freePostgresData,
  makePostgresData,
  POSTGRES_USER,
  type PostgresPlace,
  placePostgres,
  readLogTail,
} from './postgres-data.ts';
import type { GuardianRequest } from './postgres-guardian.ts';

const GUARDIAN_FILE = fileURLToPath(new URL('./postgres-guardian.ts', import.meta.url));
const HOST = '127.0.0.1';
const DATABASE = 'microtome';
const START_TIMEOUT_MS = 60_000;
const POLL_INTERVAL_MS = 25;
/** How long a fast shutdown may take before the server is told to quit at once (it recovers at its next start). */
const STOP_TIMEOUT_MS = 20_000;
/** Delays before the 1st, 2nd, … restart in a row of a server that died. */
const RESTART_DELAYS_MS = [0, 500, 2_000, 5_000];

type EmbeddedPostgres = { databaseUrl: string; port: number; stop(): Promise<void> };

type EmbeddedPostgresOptions = {
  homeDir: string;
  /** A free one when left out. */
  port?: number;
  /** False trades safety against power loss for speed; only for data that may be lost. */
  durable?: boolean;
  /** Called with a sentence when the server dies, and when it is back. */
  onChange?(message: string): void;
};

type Server = { place: PostgresPlace; port: number; durable: boolean; databaseUrl: string };

/**
 * Starts the server of a home folder, creating it first if there is none.
 * @throws AppError CONFLICT when another process holds it (named), UNAVAILABLE when it does not start (with its log)
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const homeDir = resolve(options.homeDir);
  await mkdir(homeDir, { recursive: true });
  const lock = await acquireHomeLock({ lockPath: join(homeDir, 'postgres.lock'), homeDir });
  try {
    const place = placePostgres(homeDir);
    await makePostgresData(place);
    const port = options.port ?? (await findFreePort());
    const password = (await readFile(place.passwordPath, 'utf8')).trim();
    const databaseUrl = `postgresql://${POSTGRES_USER}:${password}@${HOST}:${port}/${DATABASE}`;
    const server: Server = { place, port, durable: options.durable ?? true, databaseUrl };
    const kept = keepRunning({
      server,
      first: await launch(server),
      onChange: options.onChange ?? (() => undefined),
    });
    let stopping: Promise<void> | null = null;
    const stop = () => {
      stopping ??= kept.stop().then(lock.release);
      return stopping;
    };
    await lock.announce(`${HOST}:${port}`).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    return { databaseUrl, port, stop };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Resolves when the server answers and has our database. */
async function launch(server: Server): Promise<ChildProcess> {
  await freePostgresData(server.place.dataDir);
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200'];
  if (!server.durable) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  const request: GuardianRequest = {
    dataDir: server.place.dataDir,
    logPath: server.place.logPath,
    port: server.port,
    settings,
  };
  // A process group of its own: Ctrl-C in the terminal must not end the database before its clients.
  const guardian = fork(GUARDIAN_FILE, [JSON.stringify(request)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
    detached: true,
  });
  await once(guardian, 'spawn');
  guardian.unref();
  guardian.channel?.unref();
  try {
    await waitUntilReady(server, guardian);
    return guardian;
  } catch (error) {
    await end(guardian);
    throw error;
  }
}

/** Restarts the server whenever it dies, until it is stopped. */
function keepRunning(options: { server: Server; first: ChildProcess; onChange(message: string): void }): {
  stop(): Promise<void>;
} {
  const { server, onChange } = options;
  const stopping = new AbortController();
  let guardian = options.first;
  const watching = watch();

  async function watch(): Promise<void> {
    while (true) {
      if (!hasEnded(guardian)) await once(guardian, 'exit');
      if (stopping.signal.aborted) return;
      onChange('The database server ended and is being restarted.');
      const again = await launchAgain(server, { signal: stopping.signal, onChange });
      if (!again) return;
      guardian = again;
      onChange('The database server is back.');
    }
  }

  return {
    async stop() {
      stopping.abort();
      await end(guardian);
      await watching;
      // The server may have been starting at that moment.
      await end(guardian);
    },
  };
}

/** Retries until it succeeds or is told to stop: a full disk, for example, may have room again later. */
async function launchAgain(
  server: Server,
  { signal, onChange }: { signal: AbortSignal; onChange(message: string): void },
): Promise<ChildProcess | null> {
  let lastReason: string | null = null;
  for (let tries = 0; !signal.aborted; tries++) {
    await delay(RESTART_DELAYS_MS[Math.min(tries, RESTART_DELAYS_MS.length - 1)], undefined, {
      signal,
    }).catch(() => undefined);
    if (signal.aborted) return null;
    try {
      return await launch(server);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== lastReason) onChange(reason);
      lastReason = reason;
    }
  }
  return null;
}

/** Tells the guardian to stop the server, and waits until both are gone. */
async function end(guardian: ChildProcess): Promise<void> {
  if (hasEnded(guardian)) return;
  guardian.ref();
  const ended = once(guardian, 'exit');
  guardian.kill('SIGTERM');
  const timer = setTimeout(() => guardian.kill('SIGQUIT'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Waits until the server answers, and creates the database if it is missing. */
async function waitUntilReady({ databaseUrl, place }: Server, guardian: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (true) {
    const client = new pg.Client({ connectionString: databaseUrl.replace(/[^/]+$/, 'postgres') });
    // A connection that breaks later on is noticed by the code that uses it.
    client.on('error', () => {});
    try {
      await client.connect();
      const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
      if (rowCount === 0) await client.query(`create database ${DATABASE}`);
      return;
    } catch (error) {
      const wrongPassword = (error as { code?: string }).code === '28P01';
      if (wrongPassword) {
        throw new AppError(
          'UNAVAILABLE',
          `The password in ${place.passwordPath} is not that of ${place.dataDir}.`,
        );
      }
      if (hasEnded(guardian) || Date.now() > deadline) {
        throw new AppError(
          'UNAVAILABLE',
          `The database in ${place.dataDir} did not start: ${await readLogTail(place)}`,
          { cause: error },
        );
      }
    } finally {
      await client.end().catch(() => {});
    }
    await delay(POLL_INTERVAL_MS);
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  invariant(address && typeof address === 'object', 'a listening server has an address');
  server.close();
  await once(server, 'close');
  return address.port;
}
