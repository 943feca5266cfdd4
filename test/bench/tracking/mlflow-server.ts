/**
 * The real MLflow server of a given Python, on a database of its own next to ours, as its documentation starts it with
 * PostgreSQL. The Python needs `mlflow` and `psycopg2-binary`.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import getPort from 'get-port';
import { readTreeMemoryBytes } from './process-tree.ts';

export type MlflowServer = {
  url: string;
  version: string;
  readMemoryBytes(): Promise<number>;
  stop(): Promise<void>;
};

const START_TIMEOUT_MS = 240_000;
const POLL_INTERVAL_MS = 250;
const ERROR_LENGTH = 4_000;

export async function startMlflow(request: {
  python: string;
  databaseUrl: string;
  workers: number;
}): Promise<MlflowServer> {
  const version = readVersion(request.python);
  const folder = await mkdtemp(join(tmpdir(), 'microtome-mlflow-'));
  const port = await getPort({ host: '127.0.0.1' });
  // Named, because the driver that SQLAlchemy takes by itself differs between its releases.
  const databaseUrl = request.databaseUrl.replace(/^postgresql:/, 'postgresql+psycopg2:');
  const child = spawn(
    request.python,
    ['-m', 'mlflow', 'server', '--backend-store-uri', databaseUrl, '--host', '127.0.0.1']
      .concat(['--port', String(port), '--workers', String(request.workers)])
      .concat(['--artifacts-destination', join(folder, 'artifacts')]),
    {
      cwd: folder,
      // A group of its own, so that its workers end with it.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, MLFLOW_DISABLE_TELEMETRY: 'true', MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' },
    },
  );
  let told = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    told = (told + text).slice(-ERROR_LENGTH);
  });
  const stop = async () => {
    await endGroup(child);
    await rm(folder, { recursive: true, force: true });
  };
  process.once('exit', () => signalGroup(child, 'SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  try {
    await waitUntilHealthy(child, url);
  } catch (error) {
    await stop();
    throw new Error(`${(error as Error).message} It said:\n${told}`);
  }
  return { url, version, readMemoryBytes: () => readTreeMemoryBytes(child.pid!), stop };
}

function readVersion(python: string): string {
  const script = 'import mlflow, psycopg2; print(mlflow.__version__)';
  const { status, stdout, stderr } = spawnSync(python, ['-c', script], { encoding: 'utf8' });
  if (status === 0) return stdout.trim();
  const reason = stderr?.trim().split('\n').at(-1) ?? 'it cannot be started.';
  throw new Error(
    `${python} needs mlflow and psycopg2-binary (pip install mlflow psycopg2-binary): ${reason}`,
  );
}

async function waitUntilHealthy(child: ChildProcess, url: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < START_TIMEOUT_MS; waitedMs += POLL_INTERVAL_MS) {
    if (child.exitCode !== null) throw new Error(`MLflow's server ended with status ${child.exitCode}.`);
    const isHealthy = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isHealthy) return;
    await delay(POLL_INTERVAL_MS);
  }
  throw new Error(`MLflow's server did not answer within ${START_TIMEOUT_MS / 1_000} s.`);
}

async function endGroup(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    signalGroup(child, 'SIGTERM');
    await ended;
  }
  signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-child.pid!, signal);
  } catch {
    // All of it has ended.
  }
}
