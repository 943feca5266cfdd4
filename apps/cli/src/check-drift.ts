/** `npm run check`: fails when schema.prisma says something that the migrations do not. Needs no server of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@microtome/domain/app-error';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import { readEnv } from './env.ts';
import { runMain } from './run-main.ts';

await runMain(async () => {
  const env = readEnv();
  if (env.databaseUrl) return diffMigrations(env.databaseUrl, env.inherited);
  const homeDir = await mkdtemp(join(tmpdir(), 'microtome-drift-'));
  const postgres = await startEmbeddedPostgres({ homeDir });
  try {
    await diffMigrations(postgres.databaseUrl, env.inherited);
  } finally {
    await postgres.stop();
    await rm(homeDir, { recursive: true, force: true });
  }
});

/** The server of `databaseUrl` is only used to replay the migrations in a shadow database, dropped afterwards. */
async function diffMigrations(databaseUrl: string, inherited: NodeJS.ProcessEnv): Promise<void> {
  const prisma = fileURLToPath(import.meta.resolve('prisma/build/index.js'));
  const args = [
    'migrate',
    'diff',
    '--from-migrations',
    'prisma/migrations',
    '--to-schema',
    'prisma/schema.prisma',
    '--exit-code',
  ];
  const child = spawn(process.execPath, [prisma, ...args], {
    env: { ...inherited, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code === 0) return;
  throw new AppError(
    'BAD_INPUT',
    code === 2
      ? 'prisma/schema.prisma and prisma/migrations differ. Write a migration (see CONTRIBUTING.md).'
      : `prisma migrate diff ended with status ${code}.`,
  );
}
