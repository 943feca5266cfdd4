/** The migrations on the test server, and schema.prisma held against what they make. */
import { randomUUID } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dropDatabase, migrateDatabase } from '@microtome/store/database/migrate';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { diffSchema } from '../../../apps/cli/src/schema-diff.ts';
import { withDatabase } from '../../test-database.ts';

const PRISMA_DIR = fileURLToPath(new URL('../../../prisma', import.meta.url));
const SCHEMA = join(PRISMA_DIR, 'schema.prisma');
const MIGRATIONS = join(PRISMA_DIR, 'migrations');

const urls: string[] = [];
let workDir: string;

beforeAll(async () => {
  workDir = await mkdtemp(join(tmpdir(), 'microtome-migrations-'));
});
afterAll(async () => {
  for (const url of urls) await dropDatabase(url);
  await rm(workDir, { recursive: true, force: true });
});

describe('the migrations', () => {
  it('build a database that does not exist yet, and a second time change nothing', async () => {
    const url = nameDatabase();
    await migrateDatabase(url);
    const before = await listApplied(url);
    expect(before).toEqual(await listMigrations());
    await migrateDatabase(url);
    expect(await listApplied(url)).toEqual(before);
  });

  it('are each applied once when two processes migrate at the same time', async () => {
    const url = nameDatabase();
    await Promise.all([migrateDatabase(url), migrateDatabase(url)]);
    expect(await listApplied(url)).toEqual(await listMigrations());
  });

  it("go on in a database that Prisma's own tool has begun, also where it was interrupted", async () => {
    const url = nameDatabase();
    // Only makes the database and the record.
    await migrateDatabase(url, await mkdtemp(join(workDir, 'none-')));
    const [first, second] = await listMigrations();
    await query(url, await readFile(join(MIGRATIONS, first!, 'migration.sql'), 'utf8'));
    await query(
      url,
      `insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) values
       ('1', 'of prisma', '${first}', now(), 1), ('2', 'of prisma', '${second}', null, 0)`,
    );
    await migrateDatabase(url);
    expect(await listApplied(url)).toEqual(await listMigrations());
    expect(await query(url, `select checksum from _prisma_migrations where id = '1'`)).toEqual([
      { checksum: 'of prisma' },
    ]);
  });

  it('that fail are reported with what the server said, and leave the database as it was', async () => {
    const url = nameDatabase();
    const migrations = join(workDir, 'broken');
    await cp(MIGRATIONS, migrations, { recursive: true });
    await mkdir(join(migrations, '9999_broken'));
    await writeFile(
      join(migrations, '9999_broken', 'migration.sql'),
      'create table half (id int); select * from nowhere;',
    );
    await expect(migrateDatabase(url, migrations)).rejects.toThrow(
      'The migration 9999_broken failed, and the database is as it was before it: relation "nowhere" does not exist.',
    );
    expect(await query(url, `select to_regclass('half') as half`)).toEqual([{ half: null }]);
    expect(await listApplied(url)).toEqual(await listMigrations());
  });

  it('are refused on a database that a newer Microtome has migrated', async () => {
    const url = nameDatabase();
    await migrateDatabase(url);
    const older = join(workDir, 'older');
    await cp(MIGRATIONS, older, { recursive: true });
    const newest = (await listMigrations()).at(-1)!;
    await rm(join(older, newest), { recursive: true });
    await expect(migrateDatabase(url, older)).rejects.toThrow(
      `is newer than this Microtome: it has ${newest}, which this version does not know.`,
    );
  });

  it('name a server that cannot be reached, and keep the password to themselves', async () => {
    await expect(migrateDatabase('postgresql://nobody:secret@127.0.0.1:1/nothing')).rejects.toThrow(
      /^PostgreSQL at 127\.0\.0\.1:1\/nothing cannot be reached: connect ECONNREFUSED 127\.0\.0\.1:1\.$/,
    );
  });
});

describe('schema.prisma', () => {
  it('says what the migrations make', async () => {
    const url = nameDatabase();
    await migrateDatabase(url);
    expect((await diffSchema(url, SCHEMA)).summary).toBeNull();
  });

  it('is told apart from them when it says more, with the SQL that is missing', async () => {
    const url = nameDatabase();
    await migrateDatabase(url);
    const drifted = join(workDir, 'drifted.prisma');
    const schema = await readFile(SCHEMA, 'utf8');
    await writeFile(drifted, schema.replace('model Worker {', 'model Worker {\n  stray Int?'));
    const { summary, script } = await diffSchema(url, drifted);
    expect(summary).toContain('Added column `stray`');
    expect(script).toContain('ALTER TABLE "worker" ADD COLUMN     "stray" INTEGER;');
    await query(url, script);
    expect((await diffSchema(url, drifted)).summary).toBeNull();
  });
});

function nameDatabase(): string {
  const url = withDatabase(inject('serverUrl'), `microtome_migrate_${randomUUID().replaceAll('-', '')}`);
  urls.push(url);
  return url;
}

async function listMigrations(): Promise<string[]> {
  const entries = await readdir(MIGRATIONS, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

async function listApplied(url: string): Promise<unknown[]> {
  const rows = await query(
    url,
    'select migration_name from _prisma_migrations where finished_at is not null order by migration_name',
  );
  return rows.map(({ migration_name }) => migration_name);
}

async function query(connectionString: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
