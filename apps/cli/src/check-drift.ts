/**
 * `npm run check`: fails when schema.prisma says something that the migrations do not. With `--draft`, prints the SQL
 * that is missing, for the next migration. The migrations are applied to a database of their own, dropped afterwards: on
 * the server of DATABASE_URL, else on an embedded one.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@microtome/domain/app-error';
import { dropDatabase, migrateDatabase } from '@microtome/store/database/migrate';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import { Command } from 'commander';
import { readEnv } from './env.ts';
import { runMain } from './run-main.ts';
import { diffSchema, type SchemaDiff } from './schema-diff.ts';

const SCHEMA = fileURLToPath(new URL('../../../prisma/schema.prisma', import.meta.url));

await runMain(async () => {
  const { draft } = new Command('drift')
    .description('Fails when schema.prisma says something that the migrations do not.')
    .option('--draft', 'print the SQL that is missing')
    .parse(process.argv)
    .opts<{ draft?: true }>();
  const { databaseUrl } = readEnv();
  const { summary, script } = databaseUrl ? await diffOn(databaseUrl) : await diffOnEmbedded();
  if (draft) return console.log(script);
  if (summary !== null) {
    throw new AppError(
      'BAD_INPUT',
      `prisma/schema.prisma and prisma/migrations differ. Write a migration (npm run migration:draft).\n${summary}`,
    );
  }
});

async function diffOnEmbedded(): Promise<SchemaDiff> {
  const homeDir = await mkdtemp(join(tmpdir(), 'microtome-drift-'));
  const postgres = await startEmbeddedPostgres({ homeDir, durable: false });
  try {
    return await diffOn(postgres.databaseUrl);
  } finally {
    await postgres.stop();
    await rm(homeDir, { recursive: true, force: true });
  }
}

async function diffOn(serverUrl: string): Promise<SchemaDiff> {
  const url = new URL(serverUrl);
  url.pathname = `/microtome_drift_${randomUUID().replaceAll('-', '')}`;
  await migrateDatabase(url.href);
  try {
    return await diffSchema(url.href, SCHEMA);
  } finally {
    await dropDatabase(url.href);
  }
}
