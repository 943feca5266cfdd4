/** Main file of `npm run worker`: one more worker, anywhere that reaches the database and the artifacts. */
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import { AppError } from '@microtome/domain/app-error';
import { openStore } from '@microtome/store/store';
import { pino } from 'pino';
import { detectBackends } from './detect-backends.ts';
import { readTrainerEnv, readWorkerEnv, type WorkerEnv } from './env.ts';
import { type DataPlace, findRunningData } from './find-database.ts';
import { startSupervisor } from './supervisor.ts';

try {
  await main(readWorkerEnv());
} catch (error) {
  process.stderr.write(`${error instanceof AppError ? error.message : ((error as Error).stack ?? error)}\n`);
  process.exit(1);
}

async function main(env: WorkerEnv): Promise<void> {
  const log = pino({ name: 'worker', level: env.logLevel });
  const { databaseUrl, artifactUrl } = await requireData(env);
  const store = await openStore({ databaseUrl, artifactUrl, onError: (error) => log.error(error) });
  const supervisor = await startSupervisor({
    store,
    workerId: `${os.hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
    backends: env.backend === 'auto' ? detectBackends() : [env.backend],
    versions: { node: process.versions.node },
    threads: env.threads,
    trainerEnv: readTrainerEnv(),
    log,
  });
  const signal = await waitForStopSignal();
  log.info({ signal }, 'handing over');
  await supervisor.close();
  await store.close();
  process.exit(0);
}

async function requireData(env: WorkerEnv): Promise<DataPlace> {
  const place = await findRunningData(env);
  if (place) return place;
  throw new AppError(
    'BAD_INPUT',
    `DATABASE_URL is not set and no platform runs on ${env.homeDir}. Set DATABASE_URL, or start the platform with 'npm start'.`,
  );
}

/** A second signal ends the process at once; its run is taken over when the lease runs out. */
function waitForStopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let isAsked = false;
    const stop = (signal: NodeJS.Signals) => {
      if (isAsked) process.exit(130);
      isAsked = true;
      resolve(signal);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
