/**
 * The whole platform on one machine: database, migrations, API, one worker, dashboard. Everything is started in that
 * order and stopped in the reverse order. Where it runs is written to `<home>/platform.json` for other commands.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AppError } from '@microtome/domain/app-error';
import { nameListenAddress } from '@microtome/domain/listen-address';
import { migrateDatabase } from '@microtome/store/database/migrate';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import { announcePlatform } from '@microtome/store/embedded/running-platform';
import getPort from 'get-port';
import type { CliEnv } from '../env.ts';
import { type ManagedProcess, startManagedProcess } from './managed-process.ts';
import { openProcessRecords } from './process-records.ts';
import { buildWebWhenStale, WEB_DIR } from './web-build.ts';

/** How long a part may take to answer for the first time. A machine that is busy with something else needs minutes; a process that dies is told of at once. */
const READY_TIMEOUT_MS = 180_000;
const READY_POLL_INTERVAL_MS = 100;
const HOST = '127.0.0.1';

export type Platform = {
  apiUrl: string;
  webUrl: string;
  databaseUrl: string;
  processes: readonly ManagedProcess[];
  /** Builds the dashboard when needed, and serves it. */
  startWeb(): Promise<void>;
  stop(): Promise<void>;
};

type PlatformOptions = {
  env: CliEnv;
  /** Take another port when the wanted one is in use, instead of refusing. */
  anyPort: boolean;
  /** Folders below which the API may import, in addition to those of IMPORT_ROOTS; with none of either, the API's defaults. */
  importRoots: string[];
  /** Left out: yes. Without one, what is launched waits for a worker from elsewhere. */
  hasWorker?: boolean;
  onStep(message: string): void;
};

/** Starts database, migrations, API and worker. On a failure everything that was started is stopped again. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { env, onStep } = options;
  const closers: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    await mkdir(join(env.homeDir, 'logs'), { recursive: true });
    const records = await openProcessRecords({ homeDir: env.homeDir, onStep });
    closers.push(records.clear);
    const databaseUrl = await openDatabase(options, closers);
    onStep('Bringing the database up to date');
    await migrateDatabase(databaseUrl);
    const [apiPort, webPort] = await choosePorts(options);
    const childEnv = buildChildEnv({ options, databaseUrl, apiPort, webPort });
    const processes: ManagedProcess[] = [];
    const refusal = new AbortController();
    const start = (name: string, script: string) => {
      const logFile = join(env.homeDir, 'logs', `${name}.log`);
      const child = startManagedProcess({
        name,
        script,
        env: childEnv,
        logFile,
        onLaunch: (pid) => records.record(name, pid),
        onRestart: onStep,
        onSaid: onStep,
        onRefused: (sentence) => refusal.abort(new AppError('BAD_INPUT', sentence)),
      });
      processes.push(child);
      closers.push(() => child.stop());
    };
    onStep('Starting the API');
    start('api', fileURLToPath(new URL('../../../api/src/main.ts', import.meta.url)));
    const apiUrl = `http://${findHost(env)}:${apiPort}`;
    await waitUntilReady(`${apiUrl}/readyz`, join(env.homeDir, 'logs', 'api.log'), refusal.signal);
    if (options.hasWorker ?? true) {
      onStep('Starting a worker');
      start('worker', fileURLToPath(new URL('../../../../workers/train/src/main.ts', import.meta.url)));
    }
    const webUrl = `http://${HOST}:${webPort}`;
    const place = { pid: process.pid, databaseUrl, artifactUrl: env.artifactUrl, apiUrl, webUrl };
    // A platform that is announced can be killed: by then the next start knows all of its processes.
    await records.settled();
    closers.push(await announcePlatform(env.homeDir, place));
    const startWeb = async () => {
      await buildWeb(options);
      start('web', join(WEB_DIR, 'server.ts'));
      await waitUntilReady(webUrl, join(env.homeDir, 'logs', 'web.log'));
    };
    return { apiUrl, webUrl, databaseUrl, processes, startWeb, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openDatabase(
  { env, onStep }: PlatformOptions,
  closers: (() => Promise<void>)[],
): Promise<string> {
  if (env.databaseUrl) return env.databaseUrl;
  onStep('Starting the database');
  const postgres = await startEmbeddedPostgres({ homeDir: env.homeDir, onChange: onStep });
  closers.push(() => postgres.stop());
  return postgres.databaseUrl;
}

async function buildWeb({ env, onStep }: PlatformOptions): Promise<void> {
  await buildWebWhenStale({
    logFile: join(env.homeDir, 'logs', 'web-build.log'),
    onStart: () => onStep('Building the dashboard (once, about half a minute)'),
  });
  onStep('Starting the dashboard');
}

async function choosePorts({ env, anyPort }: PlatformOptions): Promise<[number, number]> {
  const choose = async (wanted: number, name: string) => {
    const port = await getPort({ port: wanted, host: HOST });
    if (port !== wanted && wanted !== 0 && !anyPort) {
      throw new AppError('UNAVAILABLE', `Port ${wanted} of ${HOST} is in use. Set ${name} to another port.`);
    }
    return port;
  };
  return [await choose(env.apiPort, 'API_PORT'), await choose(env.webPort, 'WEB_PORT')];
}

function buildChildEnv(args: {
  options: PlatformOptions;
  databaseUrl: string;
  apiPort: number;
  webPort: number;
}): NodeJS.ProcessEnv {
  const { env, importRoots } = args.options;
  const roots = [env.inherited.IMPORT_ROOTS, ...importRoots].filter(Boolean).join(':');
  return {
    ...env.inherited,
    DATABASE_URL: args.databaseUrl,
    ARTIFACT_URL: env.artifactUrl,
    MICROTOME_HOME: env.homeDir,
    API_PORT: String(args.apiPort),
    WEB_PORT: String(args.webPort),
    ...(roots ? { IMPORT_ROOTS: roots } : {}),
  };
}

/** Where this machine reaches the API: on loopback, unless it is told to listen on one other address alone. */
function findHost({ inherited: { API_HOST: given } }: CliEnv): string {
  return (given && nameListenAddress(given)) || HOST;
}

/** Waits until `url` answers 2xx; fails with the place of the log when it does not in time, and with the reason of `refusal`. */
async function waitUntilReady(url: string, logFile: string, refusal?: AbortSignal): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (Date.now() < deadline) {
    refusal?.throwIfAborted();
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await delay(READY_POLL_INTERVAL_MS);
  }
  throw new AppError(
    'UNAVAILABLE',
    `${url} did not answer within ${READY_TIMEOUT_MS / 1000} s. See ${logFile}.`,
  );
}
