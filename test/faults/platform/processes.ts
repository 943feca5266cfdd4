/**
 * The processes of one platform, found in the system's own list by the home folder that each was given: also those
 * whose starter is gone. Needs /proc.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** In the order in which they are told apart; a process has the first role that fits. */
const ROLES = {
  trainer: 'workers/train/src/trainer/trainer-process.ts',
  probe: 'workers/train/src/detection/probe-backend.ts',
  supervisor: 'workers/train/src/main.ts',
  api: 'apps/api/src/main.ts',
  web: 'apps/web/server.ts',
  guardian: 'packages/store/src/embedded/postgres-guardian.ts',
  starter: 'test/faults/platform/hold-platform.ts',
} as const;

export type Role = keyof typeof ROLES | 'postgres' | 'other';
type FoundProcess = { pid: number; parentPid: number; role: Role; isStopped: boolean };

/** Every process that was started with this home, the server's own children left out. */
export async function listProcesses(homeDir: string): Promise<FoundProcess[]> {
  const server = await readServerPid(homeDir);
  const found = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name))
      .map((name) => inspect(Number(name), homeDir, server)),
  );
  return found.filter((one) => one !== null).sort((a, b) => a.pid - b.pid);
}

export async function findProcess(homeDir: string, role: Role, parentPid?: number): Promise<number | null> {
  const found = (await listProcesses(homeDir)).filter(
    (one) => one.role === role && (parentPid === undefined || one.parentPid === parentPid),
  );
  return found.at(-1)?.pid ?? null;
}

/** A process that ended in the meantime is no error. Says whether there was one. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    return false;
  }
}

async function readServerPid(homeDir: string): Promise<number> {
  const file = await readFile(join(homeDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
  return Number(file.split('\n')[0]);
}

async function inspect(pid: number, homeDir: string, server: number): Promise<FoundProcess | null> {
  if (pid === process.pid) return null;
  const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
  const [commandLine, environment, stat] = await Promise.all([
    read('cmdline'),
    read('environ'),
    read('stat'),
  ]);
  const words = commandLine.split('\0');
  const [state = '', parent = '0'] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // What has ended and is not yet reaped is no process any more.
  if (state === '' || state === 'Z') return null;
  const isServer = words.includes(join(homeDir, 'postgres'));
  const isOurs = isServer || environment.split('\0').includes(`MICROTOME_HOME=${homeDir}`);
  if (!isOurs) return null;
  const known = Object.entries(ROLES).find(([, script]) => words.some((word) => word.endsWith(script)));
  // The server's children bear a title of their own and have the server as their parent.
  if (!known && !isServer && Number(parent) === server) return null;
  const role = isServer && !known ? 'postgres' : ((known?.[0] ?? 'other') as Role);
  return { pid, parentPid: Number(parent), role, isStopped: state === 'T' };
}
