/** Prisma's own command line, with the WebAssembly engine, against the test server. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrateDatabase } from '@microtome/store/database/migrate';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runOnServer, withDatabase } from '../../test-database.ts';

const REPOSITORY_DIR = fileURLToPath(new URL('../../..', import.meta.url));
const PRISMA = createRequire(import.meta.url).resolve('prisma/build/index.js');

const databases: string[] = [];
let workDir: string;

beforeAll(async () => {
  // A copy, so that a test can add migrations of its own.
  workDir = await mkdtemp(join(tmpdir(), 'microtome-migrations-'));
  await cp(join(REPOSITORY_DIR, 'prisma'), join(workDir, 'prisma'), { recursive: true });
  await cp(join(REPOSITORY_DIR, 'prisma.config.ts'), join(workDir, 'prisma.config.ts'));
  await symlink(join(REPOSITORY_DIR, 'node_modules'), join(workDir, 'node_modules'));
  await writeFile(join(workDir, 'package.json'), '{"type": "module"}');
});
afterAll(async () => {
  for (const name of databases)
    await runOnServer(inject('serverUrl'), `drop database if exists "${name}" with (force)`);
  await rm(workDir, { recursive: true, force: true });
});

describe('the migrations', () => {
  it('build an empty database, also one that does not exist yet, and a second time change nothing', async () => {
    const url = nameDatabase();
    await migrateDatabase(url);
    const before = await listApplied(url);
    expect(before.length).toBeGreaterThan(3);
    await migrateDatabase(url);
    expect(await listApplied(url)).toEqual(before);
  });

  it('are each applied once when two processes migrate at the same time', async () => {
    const url = nameDatabase();
    await runOnServer(inject('serverUrl'), `create database "${new URL(url).pathname.slice(1)}"`);
    await Promise.all([migrateDatabase(url), migrateDatabase(url)]);
    const applied = await listApplied(url);
    expect(applied).toEqual([...new Set(applied)]);
  });

  it('say what schema.prisma says', async () => {
    const { code, output } = await prisma([
      'migrate',
      'diff',
      '--from-migrations',
      'prisma/migrations',
      '--to-schema',
      'prisma/schema.prisma',
      '--exit-code',
    ]);
    expect(output).toContain('No difference detected');
    expect(code).toBe(0);
  });

  it('are told apart from a schema that says more, and no shadow database is left over', async () => {
    await writeFile(
      join(workDir, 'prisma', 'drifted.prisma'),
      `datasource db {\n  provider = "postgresql"\n}\n\nmodel Stray {\n  id Int @id\n}\n`,
    );
    const from = ['--from-migrations', 'prisma/migrations', '--to-schema', 'prisma/drifted.prisma'];
    const { code, output } = await prisma(['migrate', 'diff', ...from, '--exit-code']);
    expect(code).toBe(2);
    expect(output).toContain('Stray');
    expect(await listShadows()).toEqual([]);
  });

  it('that fail are reported with what the database said, and leave the database as it was', async () => {
    const url = nameDatabase();
    const folder = join(workDir, 'prisma', 'migrations', '9999_broken');
    await cp(join(workDir, 'prisma', 'migrations', '0001_tables'), folder, { recursive: true });
    await writeFile(join(folder, 'migration.sql'), 'create table half (id int); select * from nowhere;');
    const { code, output } = await prisma(['migrate', 'deploy'], url);
    await rm(folder, { recursive: true });
    expect(code).not.toBe(0);
    expect(output).toContain('No such table: nowhere');
    expect(await query(url, `select to_regclass('half') as half`)).toEqual([{ half: null }]);
  });

  it('name a server that cannot be reached and a password that is wrong', async () => {
    await expect(migrateDatabase('postgresql://nobody:x@127.0.0.1:1/nothing')).rejects.toThrow(/P1001|reach/);
  });
});

function nameDatabase(): string {
  const name = `microtome_migrate_${randomUUID().replaceAll('-', '')}`;
  databases.push(name);
  return withDatabase(inject('serverUrl'), name);
}

async function listApplied(url: string): Promise<string[]> {
  const rows = await query(
    url,
    'select migration_name from _prisma_migrations where finished_at is not null order by 1',
  );
  return rows.map((row) => (row as { migration_name: string }).migration_name);
}

/** Of this test's own runs: the prefix is Prisma's, and other tests make none. */
async function listShadows(): Promise<unknown[]> {
  return query(
    inject('serverUrl'),
    `select datname from pg_database where datname like 'prisma_migrate_shadow%'`,
  );
}

async function query(connectionString: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

function prisma(args: string[], url = inject('serverUrl')): Promise<{ code: number; output: string }> {
  const env = {
    DATABASE_URL: url,
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
    CHECKPOINT_DISABLE: '1',
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [PRISMA, ...args], { cwd: workDir, env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr });
    });
  });
}
