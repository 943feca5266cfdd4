/** Brings a database to the newest schema with Prisma's own `migrate deploy`, in a child process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@microtome/domain/app-error';

const REPOSITORY_DIR = fileURLToPath(new URL('../../../..', import.meta.url));

/**
 * Applies the migrations that the database lacks; two at once take turns. The child gets an environment of its own,
 * so that nothing set outside changes what is migrated.
 * @throws AppError UNAVAILABLE with what Prisma said
 */
export async function migrateDatabase(databaseUrl: string): Promise<void> {
  const prisma = createRequire(import.meta.url).resolve('prisma/build/index.js');
  const child = spawn(process.execPath, [prisma, 'migrate', 'deploy'], {
    cwd: REPOSITORY_DIR,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      DATABASE_URL: databaseUrl,
      // The schema engine is a script that looks for `node`: it must be this one.
      PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      NO_COLOR: '1',
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const [code] = await once(child, 'close');
  if (code !== 0) {
    throw new AppError('UNAVAILABLE', `The database could not be brought up to date: ${output.trim()}`);
  }
}
