/**
 * Main file of `npm run worker`: one more worker, anywhere that reaches the database and the artifacts. With `--job` it
 * needs neither: it trains one job that was carried to it.
 */

import { randomUUID } from 'node:crypto';
import os from 'node:os';
import { AppError } from '@microtome/domain/app-error';
import { AUTO_BACKEND } from '@microtome/domain/run/backends';
import { openStore } from '@microtome/store/store';
import { type Logger, pino } from 'pino';
import { type DetectedBackend, detectBackends, requireBackend } from './detection/detect-backends.ts';
import { readTrainerEnv, readWorkerEnv, type WorkerEnv } from './env.ts';
import { type DataPlace, findRunningData } from './find-data.ts';
import { startSupervisor } from './supervisor/supervisor.ts';
import { IDLE_TRANSACTION_MS } from './tunables.ts';

if (process.argv.length > 2) await import('./carried/carried-worker.ts');
try {
  await main(readWorkerEnv());
} catch (error) {
  process.stderr.write(`${error instanceof AppError ? error.message : ((error as Error).stack ?? error)}\n`);
  process.exit(1);
}

async function main(env: WorkerEnv): Promise<void> {
  const log = pino({ name: 'worker', level: env.logLevel });
  const { databaseUrl, artifactUrl } = await requireData(env);
  const backends = await findBackends(env, log);
  const store = await openStore({
    databaseUrl,
    artifactUrl,
    idleTransactionMs: IDLE_TRANSACTION_MS,
    onError: (error) => log.error(error),
  });
  const supervisor = await startSupervisor({
    store,
    workerId: `${os.hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
    backends: backends.map(({ backend }) => backend),
    precisions: [...new Set(backends.flatMap(({ precisions }) => precisions))],
    device: backends[0]?.device ?? 'unknown',
    versions: { node: process.versions.node, ...backends[0]?.versions },
    threads: env.threads,
    trainerEnv: readTrainerEnv(),
    log,
  });
  const reason = await waitForStop();
  log.info({ reason }, 'handing over');
  await supervisor.close();
  await store.close();
  process.exit(0);
}

/** Best first, each tried; one that was asked for by name and does not work ends the worker with a sentence. */
async function findBackends(env: WorkerEnv, log: Logger): Promise<DetectedBackend[]> {
  const trainerEnv = readTrainerEnv();
  if (env.backend !== AUTO_BACKEND) return [await requireBackend(env.backend, trainerEnv)];
  return detectBackends({
    env: trainerEnv,
    onAbsent: ({ backend, reason }) => log.info({ backend, reason }, 'backend is not there'),
  });
}

async function requireData(env: WorkerEnv): Promise<DataPlace> {
  const place = await findRunningData(env);
  if (place) return place;
  throw new AppError(
    'BAD_INPUT',
    `DATABASE_URL is not set and no platform runs on ${env.homeDir}. Set DATABASE_URL, or start the platform with 'npm start'.`,
  );
}

/**
 * A signal, or the end of the process that started this one. A second signal ends the process at once; its run is taken
 * over when the lease runs out.
 */
function waitForStop(): Promise<string> {
  return new Promise((resolve) => {
    let isAsked = false;
    const stop = (signal: NodeJS.Signals) => {
      if (isAsked) process.exit(130);
      isAsked = true;
      resolve(signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
    process.once('disconnect', () => resolve('disconnect'));
  });
}
