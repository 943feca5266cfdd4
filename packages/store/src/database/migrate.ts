/**
 * Brings a database to the newest schema: applies the SQL files of prisma/migrations that it lacks, by their names'
 * order. The record is the table `_prisma_migrations` in the shape that Prisma gave it, and the lock is Prisma's, so that
 * a database migrated by Prisma's own tool continues here, and the two never migrate at the same time.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@microtome/domain/app-error';
import pg from 'pg';
import { describePlace, describeRefusal } from './database-errors.ts';

const MIGRATIONS_DIR = fileURLToPath(new URL('../../../../prisma/migrations', import.meta.url));
/** The advisory lock that Prisma's tool takes while it migrates. */
const LOCK_ID = 72707369;
const NO_SUCH_DATABASE = '3D000';
/** It exists already, or another process is creating it right now. */
const DATABASE_EXISTS = ['42P04', '23505'];
const RECORD_TABLE = `create table if not exists _prisma_migrations (
  id varchar(36) primary key,
  checksum varchar(64) not null,
  finished_at timestamptz,
  migration_name varchar(255) not null,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz not null default now(),
  applied_steps_count integer not null default 0
)`;

type Migration = { name: string; sql: string };

/**
 * Creates the database if it is missing, and applies the migrations it lacks, each whole or not at all. Two processes
 * take turns.
 * @throws AppError UNAVAILABLE with what the server said, CONFLICT when the database is newer than this program
 */
export async function migrateDatabase(databaseUrl: string, migrationsDir = MIGRATIONS_DIR): Promise<void> {
  const migrations = await readMigrations(migrationsDir);
  await withMigrationLock(databaseUrl, async (client) => {
    await makeMigrationRecord(client);
    const applied = await listApplied(client);
    const unknown = applied.filter((name) => !migrations.some((migration) => migration.name === name));
    if (unknown.length > 0) {
      throw new AppError(
        'CONFLICT',
        `${describePlace(databaseUrl)} is newer than this Microtome: it has ${unknown.join(', ')}, which this version does not know.`,
      );
    }
    for (const migration of migrations) {
      if (!applied.includes(migration.name)) await applyWhole(client, migration);
    }
  });
}

/** Creates the database if it is missing, and works on it while no other process migrates it. */
export async function withMigrationLock<T>(
  databaseUrl: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await connect(databaseUrl);
  try {
    await client.query(`select pg_advisory_lock(${LOCK_ID})`);
    return await work(client);
  } finally {
    // Ends the session, and the lock with it.
    await client.end();
  }
}

/** In the order in which they are applied. */
export async function readMigrations(dir = MIGRATIONS_DIR): Promise<Migration[]> {
  const folders = (await readdir(dir, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const names = folders.map(({ name }) => name).sort();
  return Promise.all(
    names.map(async (name) => ({ name, sql: await readFile(join(dir, name, 'migration.sql'), 'utf8') })),
  );
}

async function connect(databaseUrl: string): Promise<pg.Client> {
  try {
    return await open(databaseUrl).catch(async (error: unknown) => {
      if (!hasCode(error, NO_SUCH_DATABASE)) throw error;
      await createDatabase(databaseUrl);
      return open(databaseUrl);
    });
  } catch (error) {
    throw new AppError(
      'UNAVAILABLE',
      `${describePlace(databaseUrl)} cannot be reached: ${describeRefusal(error)}.`,
      { cause: error },
    );
  }
}

async function open(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  // A connection that breaks fails the query that uses it; without a listener it would end the process.
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function createDatabase(databaseUrl: string): Promise<void> {
  await runOnServer(databaseUrl, (name) => `create database ${name}`).catch((error: unknown) => {
    if (!DATABASE_EXISTS.some((code) => hasCode(error, code))) throw error;
  });
}

/** Drops the database that the URL names, even with open connections; a missing one is no error. */
export async function dropDatabase(databaseUrl: string): Promise<void> {
  await runOnServer(databaseUrl, (name) => `drop database if exists ${name} with (force)`);
}

/** Runs one statement about the database that the URL names, from outside it. */
async function runOnServer(databaseUrl: string, statement: (name: string) => string): Promise<void> {
  const url = new URL(databaseUrl);
  const name = decodeURIComponent(url.pathname.slice(1));
  url.pathname = '/postgres';
  const client = await open(url.href);
  try {
    await client.query(statement(client.escapeIdentifier(name)));
  } finally {
    await client.end();
  }
}

/** The table of what was applied, unless it is there. */
export async function makeMigrationRecord(client: pg.Client): Promise<void> {
  await client.query(RECORD_TABLE);
}

/** A row without `finished_at` is a migration that Prisma's tool began and did not finish: the server undid it. */
export async function listApplied(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ migration_name: string }>(
    `select migration_name from _prisma_migrations where finished_at is not null and rolled_back_at is null
     order by migration_name`,
  );
  return rows.map((row) => row.migration_name);
}

async function applyWhole(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await client.query('begin');
    await applyMigrations(client, [migration]);
    await client.query('commit');
  } catch (error) {
    throw new AppError(
      'UNAVAILABLE',
      `The migration ${migration.name} failed, and the database is as it was before it: ${describeRefusal(error)}.`,
      { cause: error },
    );
  }
}

/** With their records, within the caller's transaction. */
export async function applyMigrations(client: pg.Client, migrations: readonly Migration[]): Promise<void> {
  for (const { name, sql } of migrations) {
    const checksum = createHash('sha256').update(sql).digest('hex');
    await client.query(sql);
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       values ($1, $2, $3, clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
  }
}

function hasCode(error: unknown, code: string): boolean {
  return (error as { code?: string } | null)?.code === code;
}
