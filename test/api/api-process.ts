/** The API in a process of its own, as it runs in production. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { readNodeOptions } from '../env.ts';

export type ApiProcess = {
  url: string;
  /** Processor time of all its threads so far, which other users of the machine lengthen less; NaN where it is not told. */
  readCpuSeconds(): Promise<number>;
  /** Memory that it holds now; NaN where it is not told. */
  readMemoryBytes(): Promise<number>;
  stop(): Promise<void>;
  /** As a power cut would: nothing is closed. */
  kill(): Promise<void>;
};

type ApiRequest = {
  databaseUrl: string;
  artifactUrl: string;
  /** Other variables of its environment. */
  env?: Record<string, string>;
};

/** Linux counts in hundredths of a second. */
const TICKS_PER_SECOND = 100;
const BYTES_PER_KILOBYTE = 1024;

export async function startApi(request: ApiRequest): Promise<ApiProcess> {
  const script = fileURLToPath(new URL('../../apps/api/src/main.ts', import.meta.url));
  const env = { DATABASE_URL: request.databaseUrl, ARTIFACT_URL: request.artifactUrl };
  const child: ChildProcess = spawn(process.execPath, [script], {
    env: { ...readNodeOptions(), ...env, API_PORT: '0', NODE_ENV: 'production', ...request.env },
    // It ends with the channel, so that a benchmark that is killed leaves none behind.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  for await (const line of createInterface({ input: child.stdout! })) {
    const { url } = JSON.parse(line) as { url?: string };
    if (!url) continue;
    child.stdout!.resume();
    return {
      url,
      async readCpuSeconds() {
        const text = await readFile(`/proc/${child.pid}/stat`, 'utf8').catch(() => '');
        const [user, system] = text
          .slice(text.lastIndexOf(')') + 2)
          .split(' ')
          .slice(11, 13);
        return (Number(user) + Number(system)) / TICKS_PER_SECOND;
      },
      async readMemoryBytes() {
        const text = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
        return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1] ?? Number.NaN) * BYTES_PER_KILOBYTE;
      },
      stop: () => end(child, 'SIGTERM'),
      kill: () => end(child, 'SIGKILL'),
    };
  }
  throw new Error('The API ended before it served.');
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}
