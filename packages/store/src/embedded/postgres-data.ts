/** The data folder of the embedded server: how it is created, and how one that a crash left in use is freed. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@microtome/domain/app-error';
import { createPostgresLauncher } from './postgres-binaries.ts';

const STOP_TIMEOUT_MS = 20_000;
const POLL_INTERVAL_MS = 25;
const LOG_TAIL_LINES = 8;

export const POSTGRES_USER = 'microtome';

export type PostgresPlace = { dataDir: string; logPath: string; passwordPath: string };

export function placePostgres(homeDir: string): PostgresPlace {
  return {
    dataDir: join(homeDir, 'postgres'),
    logPath: join(homeDir, 'postgres.log'),
    passwordPath: join(homeDir, 'postgres-password'),
  };
}

/** Creates the data folder if there is none: under another name first, so that a crash never leaves half of one. */
export async function makePostgresData(place: PostgresPlace): Promise<void> {
  if (existsSync(join(place.dataDir, 'PG_VERSION'))) return;
  const launcher = await createPostgresLauncher();
  const unfinished = `${place.dataDir}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  await writeFile(place.passwordPath, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
  // initdb runs as another user when this process is root, and has to read the password.
  const passwordCopy = join(unfinished, '..', 'postgres-password.new');
  await writeFile(passwordCopy, await readFile(place.passwordPath), { mode: 0o600 });
  for (const path of [unfinished, passwordCopy]) await launcher.adopt(path);
  try {
    const args = ['-D', unfinished, '-U', POSTGRES_USER, `--pwfile=${passwordCopy}`, '--auth=scram-sha-256'];
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
        `The database could not be created in ${place.dataDir}: ${takeLastLines(output)}`,
      );
    }
    await rename(unfinished, place.dataDir);
  } finally {
    await rm(passwordCopy, { force: true });
  }
}

/**
 * Stops a server that a killed process left running on this folder, and removes a note about a server that is no more:
 * its number may now belong to another program, because of which PostgreSQL would refuse to start. Hold the home's lock.
 */
export async function freePostgresData(dataDir: string): Promise<void> {
  const pidPath = join(dataDir, 'postmaster.pid');
  const pidFile = await readFile(pidPath, 'utf8').catch(() => null);
  if (pidFile === null) return;
  const pid = Number(pidFile.split('\n')[0]);
  if (Number.isInteger(pid) && pid > 1) await stopServer(pid, dataDir);
  await rm(pidPath, { force: true });
}

async function stopServer(pid: number, dataDir: string): Promise<void> {
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  if (runsOn(pid, dataDir)) process.kill(pid, 'SIGINT');
  while (runsOn(pid, dataDir)) {
    if (Date.now() > deadline) process.kill(pid, 'SIGQUIT');
    if (Date.now() > deadline + STOP_TIMEOUT_MS) {
      throw new AppError(
        'UNAVAILABLE',
        `The database server ${pid}, left behind in ${dataDir}, does not stop.`,
      );
    }
    await delay(POLL_INTERVAL_MS);
  }
}

/** Whether that process is a server of this folder: its number may now belong to another program. */
function runsOn(pid: number, dataDir: string): boolean {
  if (existsSync('/proc/self/cmdline')) {
    const path = `/proc/${pid}/cmdline`;
    return existsSync(path) && readFileSync(path, 'utf8').split('\0').includes(dataDir);
  }
  const { stdout } = spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout?.includes(dataDir) ?? false;
}

/** The last lines of the server's log, for an error message. */
export async function readLogTail({ logPath }: PostgresPlace): Promise<string> {
  return takeLastLines(await readFile(logPath, 'utf8').catch(() => ''));
}

function takeLastLines(text: string): string {
  return text.trim().split('\n').slice(-LOG_TAIL_LINES).join(' | ') || 'it said nothing';
}
