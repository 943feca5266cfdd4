/**
 * A real PostgreSQL server for whoever has none: its files live under `<home>/postgres`, it listens on loopback only,
 * and its random password stands in a file that only the owner can read. Used when DATABASE_URL is unset, and by tests.
 */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, invariant } from '@microtome/domain/app-error';
import pg from 'pg';
import { acquireHomeLock } from './home-lock.ts';
import { createPostgresLauncher, type PostgresLauncher } from './postgres-binaries.ts';

const HOST = '127.0.0.1';
const USER = 'microtome';
const DATABASE = 'microtome';
const START_TIMEOUT_MS = 60_000;
const POLL_INTERVAL_MS = 25;
/** A fast shutdown is given this long before the server is told to quit at once (it recovers at its next start). */
const STOP_TIMEOUT_MS = 20_000;
const LOG_TAIL_LINES = 8;

export type EmbeddedPostgres = { databaseUrl: string; port: number; stop(): Promise<void> };

export type EmbeddedPostgresOptions = {
  homeDir: string;
  /** A free one when left out. */
  port?: number;
  /** False gives up safety against power loss for speed; for data that may be lost. */
  durable?: boolean;
};

type Place = { dataDir: string; logPath: string; passwordPath: string };

/**
 * Starts the server of a home folder, making it first when there is none.
 * @throws AppError CONFLICT when another process holds it (named), UNAVAILABLE when it does not start (with its log)
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const homeDir = resolve(options.homeDir);
  await mkdir(homeDir, { recursive: true });
  const lock = await acquireHomeLock({ lockPath: join(homeDir, 'postgres.lock'), homeDir });
  try {
    const place: Place = {
      dataDir: join(homeDir, 'postgres'),
      logPath: join(homeDir, 'postgres.log'),
      passwordPath: join(homeDir, 'postgres-password'),
    };
    const launcher = await createPostgresLauncher();
    if (!existsSync(join(place.dataDir, 'PG_VERSION'))) await initialise(place, launcher);
    await stopLeftBehind(place.dataDir);
    const port = options.port ?? (await findFreePort());
    const server = await launch({ place, launcher, port, durable: options.durable ?? true });
    const password = (await readFile(place.passwordPath, 'utf8')).trim();
    const databaseUrl = `postgresql://${USER}:${password}@${HOST}:${port}/${DATABASE}`;
    const stop = createStop(server, lock.release);
    try {
      await waitUntilReady({ databaseUrl, server, place });
      await lock.announce(`${HOST}:${port}`);
    } catch (error) {
      await stop();
      throw error;
    }
    return { databaseUrl, port, stop };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Makes the data folder under another name and renames it, so that a crash never leaves half of one. */
async function initialise(place: Place, launcher: PostgresLauncher): Promise<void> {
  const unfinished = `${place.dataDir}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  await writeFile(place.passwordPath, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
  // initdb runs as another user when this process is root, and has to read the password.
  const passwordCopy = join(unfinished, '..', 'postgres-password.new');
  await writeFile(passwordCopy, await readFile(place.passwordPath), { mode: 0o600 });
  for (const path of [unfinished, passwordCopy]) await launcher.adopt(path);
  try {
    const args = ['-D', unfinished, '-U', USER, `--pwfile=${passwordCopy}`, '--auth=scram-sha-256'];
    const child = launcher.spawn('initdb', [...args, '--locale=C', '--encoding=UTF8', '--no-sync'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        output += chunk;
      });
    }
    const [code] = await once(child, 'close');
    if (code !== 0) {
      throw new AppError(
        'UNAVAILABLE',
        `The database could not be made in ${place.dataDir}: ${tail(output)}`,
      );
    }
    await rename(unfinished, place.dataDir);
  } finally {
    await rm(passwordCopy, { force: true });
  }
}

/** A server whose parent was killed still runs, and holds the folder: the home's lock is ours, so it is stopped. */
async function stopLeftBehind(dataDir: string): Promise<void> {
  const pidFile = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => null);
  const pid = Number(pidFile?.split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !runsOn(pid, dataDir)) return;
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (runsOn(pid, dataDir)) {
    if (Date.now() > deadline) process.kill(pid, 'SIGQUIT');
    if (Date.now() > deadline + STOP_TIMEOUT_MS) {
      throw new AppError(
        'UNAVAILABLE',
        `The database server ${pid}, left behind in ${dataDir}, does not end.`,
      );
    }
    await delay(POLL_INTERVAL_MS);
  }
}

/** Whether that process is a server of this folder: a number in a file could by now mean anybody. */
function runsOn(pid: number, dataDir: string): boolean {
  if (existsSync('/proc/self/cmdline')) {
    const path = `/proc/${pid}/cmdline`;
    return existsSync(path) && readFileSync(path, 'utf8').split('\0').includes(dataDir);
  }
  const { stdout } = spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout?.includes(dataDir) ?? false;
}

type LaunchOptions = { place: Place; launcher: PostgresLauncher; port: number; durable: boolean };

async function launch({ place, launcher, port, durable }: LaunchOptions): Promise<ChildProcess> {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200'];
  if (!durable) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  const log = await open(place.logPath, 'a');
  try {
    // A process group of its own: Ctrl-C in the terminal must not end the database before those who use it.
    const server = launcher.spawn(
      'postgres',
      ['-D', place.dataDir, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
      { stdio: ['ignore', log.fd, log.fd], detached: true },
    );
    await once(server, 'spawn');
    server.unref();
    return server;
  } finally {
    await log.close();
  }
}

function createStop(server: ChildProcess, release: () => Promise<void>): () => Promise<void> {
  const stopAtExit = () => server.kill('SIGINT');
  process.once('exit', stopAtExit);
  let stopping: Promise<void> | null = null;
  const stop = async () => {
    process.off('exit', stopAtExit);
    if (server.exitCode === null && server.signalCode === null) {
      server.ref();
      const ended = once(server, 'exit');
      server.kill('SIGINT');
      const timer = setTimeout(() => server.kill('SIGQUIT'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    }
    await release();
  };
  return () => {
    stopping ??= stop();
    return stopping;
  };
}

type Readiness = { databaseUrl: string; server: ChildProcess; place: Place };

/** Waits until the server answers, and makes the database when it is not there yet. */
async function waitUntilReady({ databaseUrl, server, place }: Readiness): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (true) {
    const client = new pg.Client({ connectionString: databaseUrl.replace(/[^/]+$/, 'postgres') });
    // A connection that breaks later on is noticed by whoever uses it.
    client.on('error', () => {});
    try {
      await client.connect();
      const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
      if (rowCount === 0) await client.query(`create database ${DATABASE}`);
      return;
    } catch (error) {
      const ended = server.exitCode !== null || server.signalCode !== null;
      const wrongPassword = (error as { code?: string }).code === '28P01';
      if (wrongPassword) {
        throw new AppError(
          'UNAVAILABLE',
          `The password in ${place.passwordPath} is not that of ${place.dataDir}.`,
        );
      }
      if (ended || Date.now() > deadline) {
        const log = tail(await readFile(place.logPath, 'utf8').catch(() => ''));
        throw new AppError('UNAVAILABLE', `The database in ${place.dataDir} did not start: ${log}`, {
          cause: error,
        });
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

function tail(text: string): string {
  return text.trim().split('\n').slice(-LOG_TAIL_LINES).join(' | ') || 'it said nothing';
}
