/** What becomes of the platform's processes when its terminal is closed or it is killed, and that the next start goes on. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isSameProcessAlive, type ProcessIdentity } from '@microtome/store/embedded/process-identity';
import getPort from 'get-port';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readInheritedEnv } from '../env.ts';

const HOLDER = fileURLToPath(new URL('../fixtures/hold-platform.ts', import.meta.url));
const BUSY_MACHINE_MS = 180_000;

let homeDir: string;
let apiPort: number;
let held: ChildProcess[];

beforeEach(async () => {
  homeDir = await mkdtemp(join(tmpdir(), 'microtome-platform-'));
  apiPort = await getPort({ host: '127.0.0.1' });
  held = [];
});
afterEach(async () => {
  for (const child of held) if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  await Promise.all(held.map(waitForEnd));
  await rm(homeDir, { recursive: true, force: true });
}, BUSY_MACHINE_MS);

describe('the platform', () => {
  it(
    'ends whole when its terminal is closed',
    async () => {
      const platform = await hold();
      const processes = await listProcesses();
      expect(Object.keys(processes)).toEqual(['platform', 'api', 'worker', 'postgres']);
      platform.child.kill('SIGHUP');
      await waitForEnd(platform.child);
      for (const [name, one] of Object.entries(processes))
        expect([name, isSameProcessAlive(one)]).toEqual([name, false]);
    },
    BUSY_MACHINE_MS,
  );

  it(
    'leaves nothing running for long when it is killed, and starts again on the same ports',
    async () => {
      const platform = await hold();
      const processes = await listProcesses();
      platform.child.kill('SIGKILL');
      await waitForEnd(platform.child);
      const next = await hold();
      for (const [name, one] of Object.entries(processes))
        expect([name, isSameProcessAlive(one)]).toEqual([name, false]);
      expect((await fetch(`http://127.0.0.1:${apiPort}/readyz`)).status).toBe(200);
      expect(next.child.exitCode).toBe(null);
    },
    BUSY_MACHINE_MS,
  );

  it(
    'ends by process id what hangs and was left behind by a killed start',
    async () => {
      const platform = await hold();
      const { api } = await listProcesses();
      // Stopped, it neither hears that its starter is gone nor the request to end.
      process.kill(api!.pid, 'SIGSTOP');
      platform.child.kill('SIGKILL');
      await waitForEnd(platform.child);
      const next = await hold();
      expect(next.output()).toContain(`Ending 'api' (process ${api!.pid}), left behind by the last start`);
      expect(isSameProcessAlive(api!)).toBe(false);
    },
    BUSY_MACHINE_MS,
  );

  it(
    'is not started a second time on one home, and says who has it',
    async () => {
      const platform = await hold();
      const second = spawnHolder({ API_PORT: String(await getPort({ host: '127.0.0.1' })) });
      await waitForEnd(second.child);
      expect(second.child.exitCode).toBe(1);
      expect(second.output()).toContain(
        `Microtome already runs on ${homeDir}, as process ${platform.child.pid}.`,
      );
    },
    BUSY_MACHINE_MS,
  );

  it(
    'says at once why the API does not start, and ends',
    async () => {
      const refused = spawnHolder({ API_HOST: '0.0.0.0' });
      await waitForEnd(refused.child);
      expect(refused.child.exitCode).toBe(1);
      expect(refused.output()).toContain('AUTH=on');
      expect(refused.output()).not.toContain('starting it again');
      expect(refused.output()).not.toContain('did not answer');
    },
    BUSY_MACHINE_MS,
  );

  it('refuses at once a port that browsers refuse', async () => {
    const refused = spawnHolder({ API_PORT: '4190' });
    await waitForEnd(refused.child);
    expect(refused.output()).toContain('API_PORT is 4190, a port that browsers refuse to connect to.');
  });
});

type Held = { child: ChildProcess; output(): string };

async function hold(): Promise<Held> {
  const started = spawnHolder({});
  const ready = Promise.withResolvers<void>();
  createInterface({ input: started.child.stdout! }).on('line', (line) => {
    if (line === 'held') ready.resolve();
  });
  started.child.once('exit', () =>
    ready.reject(new Error(`The platform did not start: ${started.output()}`)),
  );
  await ready.promise;
  return started;
}

function spawnHolder(settings: Record<string, string>): Held {
  const child = spawn(process.execPath, [HOLDER], {
    env: {
      ...readInheritedEnv(),
      MICROTOME_HOME: homeDir,
      API_PORT: String(apiPort),
      TRAIN_BACKEND: 'onnx',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  held.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return { child, output: () => output };
}

async function waitForEnd(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** The platform, its children, and its database server. */
async function listProcesses(): Promise<Record<string, ProcessIdentity>> {
  const { platform, children } = JSON.parse(await readFile(join(homeDir, 'processes.json'), 'utf8'));
  const [postgres] = (await readFile(join(homeDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
  return { platform, ...children, postgres: { pid: Number(postgres), startedAt: null } };
}
