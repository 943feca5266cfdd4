/** A database of its own for each test file: a clone of the migrated template, dropped afterwards. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export type TestDatabase = { databaseUrl: string; drop(): Promise<void> };

export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = inject('serverUrl');
  const name = `microtome_test_${randomUUID().replaceAll('-', '')}`;
  await runOnServer(serverUrl, `create database "${name}" template "${inject('templateName')}"`);
  return {
    databaseUrl: withDatabase(serverUrl, name),
    drop: () => runOnServer(serverUrl, `drop database if exists "${name}" with (force)`),
  };
}

/** The same server and user, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** Runs one statement on a connection of its own. */
export async function runOnServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
