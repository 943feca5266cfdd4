/**
 * Rows of a backup into an empty database, within the caller's transaction: the schema as it was, the rows, and then the
 * migrations since. Triggers rest meanwhile, because they guard acts, and these acts were done before; keys and CHECKs
 * hold every row.
 */

import { pipeline } from 'node:stream/promises';
import { AppError } from '@microtome/domain/app-error';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { applyMigrations, makeMigrationRecord, readMigrations } from '../database/migrate.ts';
import type { BackedUpTable, BackupManifest } from './backup-manifest.ts';
import { listTables, quoteTable, useNeutralFormats } from './database-tables.ts';

/** CONFLICT when the database has a table of anyone's. */
export async function requireEmptyDatabase(client: Client, place: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class join pg_namespace on pg_namespace.oid = relnamespace
     where relkind in ('r', 'p') and nspname not in ('pg_catalog', 'information_schema') and nspname not like 'pg\\_%'
     order by nspname <> 'public', relname`,
  );
  if (rows.length === 0) return;
  const names = rows.slice(0, 3).map(({ name }) => name);
  throw new AppError(
    'CONFLICT',
    `${place} is not empty: it has ${rows.length} tables (${names.join(', ')}${rows.length > 3 ? ', …' : ''}). ` +
      'Restore into an empty database.',
  );
}

/** DAMAGED when the tables of the backup are not those of its schema. */
export async function makeTables(client: Client, manifest: BackupManifest): Promise<void> {
  await useNeutralFormats(client);
  await makeMigrationRecord(client);
  const had = new Set(manifest.migrations);
  await applyMigrations(
    client,
    (await readMigrations()).filter(({ name }) => had.has(name)),
  );
  const describe = (tables: readonly { name: string; columns: string[] }[]) =>
    JSON.stringify(tables.map(({ name, columns }) => [name, columns.toSorted()]).toSorted());
  if (describe(await listTables(client)) !== describe(manifest.tables))
    throw new AppError('DAMAGED', 'The tables of the backup are not those of its migrations.');
  for (const table of manifest.tables) await setTriggers(client, table, 'disable');
  // Migrations write rows too, such as the first project: the backup has them as they became.
  const names = manifest.tables.map(({ name }) => `public.${client.escapeIdentifier(name)}`);
  await client.query(`truncate ${names.join(', ')}`);
}

export async function loadRows(
  client: Client,
  { table, content }: { table: BackedUpTable; content: AsyncIterable<Uint8Array> },
): Promise<number> {
  const copy = client.query(copyFrom(`copy ${quoteTable(client, table)} from stdin`));
  await pipeline(content, copy);
  return copy.rowCount;
}

/** Lets the triggers guard again, and brings the tables up to date. */
export async function finishTables(client: Client, manifest: BackupManifest): Promise<void> {
  for (const table of manifest.tables) await setTriggers(client, table, 'enable');
  const had = new Set(manifest.migrations);
  await applyMigrations(
    client,
    (await readMigrations()).filter(({ name }) => !had.has(name)),
  );
  await client.query('analyze');
}

async function setTriggers(
  client: Client,
  { name }: BackedUpTable,
  act: 'enable' | 'disable',
): Promise<void> {
  await client.query(`alter table public.${client.escapeIdentifier(name)} ${act} trigger user`);
}
