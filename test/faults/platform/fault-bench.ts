/**
 * The real platform, small, ready to be hurt: its processes in a home of their own, a proxy before its database, a
 * dataset that went through a real import, a split and an experiment. Everything is started by process number and ended
 * again, by a guard when this process is killed.
 */
import { fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openStore, type Store } from '@microtome/store/store';
import getPort from 'get-port';
import type pg from 'pg';
import { generateSample } from '../../../apps/cli/src/demo/sample.ts';
import { type DatabaseProxy, openDatabaseProxy } from '../../fixtures/database-proxy.ts';
import { type Api, createApi } from './api.ts';
import { type Clocks, openClocks } from './clock.ts';
import { type Home, makeHome, removeHome } from './home.ts';
import { listProcesses, signalProcess } from './processes.ts';
import { openQuota, type Quota } from './quota.ts';
import { openLookout } from './run-watch.ts';
import { buildEnv, createStarter, type Starter } from './starter.ts';

const GUARD_FILE = fileURLToPath(new URL('./guard.ts', import.meta.url));
const STOP_LIMIT_MS = 40_000;
const SAMPLE = { seed: 1, patients: 9, patchesPerPatient: 110 };

export type FaultBench = {
  home: Home;
  /** What is durable, reached past the proxy. */
  store: Store;
  /** A few connections past the proxy that never wait long. */
  lookout: pg.Pool;
  proxy: DatabaseProxy;
  starter: Starter;
  api: Api;
  clocks: Clocks;
  quota: Quota;
  /** What a further process of this platform gets as its environment, apart from the database's address. */
  env: NodeJS.ProcessEnv;
  hasWeb: boolean;
  webUrl: string;
  experimentId: string;
  splitId: string;
  datasetId: string;
  /** Ends every process, and says which were still there when the starter had stopped. */
  close(): Promise<string[]>;
};

export async function openFaultBench(options: {
  hasWeb: boolean;
  say(message: string): void;
}): Promise<FaultBench> {
  const home = await makeHome();
  const guard = fork(GUARD_FILE, [home.dir], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  guard.unref();
  guard.channel?.unref();
  try {
    return await fill(home, options);
  } catch (error) {
    await endAll(home.dir);
    await removeHome(home.dir);
    throw error;
  }
}

async function fill(
  home: Home,
  { hasWeb, say }: { hasWeb: boolean; say(message: string): void },
): Promise<FaultBench> {
  const [postgresPort, apiPort, webPort] = await choosePorts();
  const proxy = await openDatabaseProxy(`postgresql://microtome@127.0.0.1:${postgresPort}/microtome`);
  const clocks = await openClocks(home.dir);
  const quota = openQuota(home.dir);
  const importRoot = join(home.dir, 'patches');
  await generateSample({ ...SAMPLE, path: join(importRoot, 'sample') });
  const settings = {
    homeDir: home.dir,
    apiPort,
    webPort,
    postgresPort,
    proxyPort: Number(new URL(proxy.databaseUrl).port),
    importRoot,
    hasWeb,
    nodeOptions: `${clocks.nodeOptions} ${quota.nodeOptions}`,
  };
  const starter = createStarter(settings);
  say('Starting the platform');
  const databaseUrl = await starter.start();
  const api = createApi(`http://127.0.0.1:${apiPort}`);
  const store = await openStore({
    databaseUrl,
    artifactUrl: `file:${home.dir}/artifacts`,
    onError: () => undefined,
  });
  const lookout = openLookout(databaseUrl);
  say('Importing a dataset');
  const subject = await importSubject(api, join(importRoot, 'sample'));
  const proxiedUrl = new URL(databaseUrl);
  proxiedUrl.port = String(settings.proxyPort);
  return {
    home,
    store,
    lookout,
    proxy,
    starter,
    api,
    clocks,
    quota,
    env: { ...buildEnv(settings), DATABASE_URL: proxiedUrl.href },
    hasWeb,
    webUrl: `http://127.0.0.1:${webPort}`,
    ...subject,
    async close() {
      proxy.mend();
      await stopStarter(starter);
      const left = (await listProcesses(home.dir)).map(({ role, pid }) => `${role} (process ${pid})`);
      await endAll(home.dir);
      await lookout.end();
      await store.close().catch(() => undefined);
      await proxy.close();
      await removeHome(home.dir);
      await rm(home.dir, { recursive: true, force: true });
      return left;
    },
  };
}

async function choosePorts(): Promise<[number, number, number]> {
  const choose = () => getPort({ host: '127.0.0.1' });
  return [await choose(), await choose(), await choose()];
}

async function stopStarter(starter: Starter): Promise<void> {
  if (!starter.isRunning()) return;
  signalProcess(starter.pid(), 'SIGCONT');
  signalProcess(starter.pid(), 'SIGTERM');
  const limit = setTimeout(() => signalProcess(starter.pid(), 'SIGKILL'), STOP_LIMIT_MS);
  await starter.ended();
  clearTimeout(limit);
}

async function endAll(homeDir: string): Promise<void> {
  for (;;) {
    const left = await listProcesses(homeDir);
    if (left.length === 0) return;
    for (const { pid } of left) signalProcess(pid, 'SIGKILL');
    await delay(50);
  }
}

type Subject = { datasetId: string; splitId: string; experimentId: string };

/** A real import by the API's own process, then a split by patient and an experiment. */
async function importSubject(api: Api, path: string): Promise<Subject> {
  const { importDataset } = await api.ask<{ importDataset: { id: string } }>(
    'mutation ($input: ImportDatasetInput!) { importDataset(input: $input) { id } }',
    { input: { path } },
  );
  const datasetId = await waitForImport(api, importDataset.id);
  const { createSplit } = await api.ask<{ createSplit: { splits: { id: string }[] } }>(
    'mutation ($input: CreateSplitInput!) { createSplit(input: $input) { splits { id } } }',
    { input: { datasetId, strategy: 'PATIENT_STRATIFIED', seed: 1 } },
  );
  const { createExperiment } = await api.ask<{ createExperiment: { id: string } }>(
    'mutation ($input: CreateExperimentInput!) { createExperiment(input: $input) { id } }',
    { input: { datasetId, name: 'under fire' } },
  );
  const [split] = createSplit.splits;
  if (!split) throw new Error('No split was made.');
  return { datasetId, splitId: split.id, experimentId: createExperiment.id };
}

async function waitForImport(api: Api, id: string): Promise<string> {
  type State = { datasetImport: { status: string; error: string | null; dataset: { id: string } | null } };
  for (;;) {
    const { datasetImport } = await api.ask<State>(
      'query ($id: ID!) { datasetImport(id: $id) { status error dataset { id } } }',
      { id },
    );
    if (datasetImport.dataset) return datasetImport.dataset.id;
    if (datasetImport.status !== 'RUNNING') throw new Error(`The import failed: ${datasetImport.error}`);
    await delay(100);
  }
}
