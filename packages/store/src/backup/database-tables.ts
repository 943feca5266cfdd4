/** The tables that hold the state, in an order in which every row finds there what it refers to. */
import { invariant } from '@microtome/domain/app-error';
import type { ClientBase } from 'pg';

export type DatabaseTable = { name: string; columns: string[]; bytes: number };

/** Every table of ours but the record of migrations, which is made by applying them. */
export async function listTables(client: ClientBase): Promise<DatabaseTable[]> {
  const { rows: tables } = await client.query<{ name: string; columns: string[]; bytes: string }>(
    `select relname as name, pg_table_size(pg_class.oid) as bytes,
       (select array_agg(attname::text order by attnum) from pg_attribute
        where attrelid = pg_class.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns
     from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> '_prisma_migrations'
     order by relname collate "C"`,
  );
  const { rows: references } = await client.query<{ child: string; parent: string }>(
    `select distinct child.relname as child, parent.relname as parent
     from pg_constraint join pg_class child on child.oid = conrelid join pg_class parent on parent.oid = confrelid
     where contype = 'f' and conrelid <> confrelid and child.relnamespace = 'public'::regnamespace`,
  );
  const waiting = new Map(tables.map((table) => [table.name, { ...table, bytes: Number(table.bytes) }]));
  const ordered: DatabaseTable[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter(
      ({ name }) => !references.some(({ child, parent }) => child === name && waiting.has(parent)),
    );
    invariant(
      ready.length > 0,
      `the tables ${[...waiting.keys()].join(', ')} refer to one another in a circle`,
    );
    for (const table of ready) waiting.delete(table.name);
    ordered.push(...ready);
  }
  return ordered;
}

/** Text that reads the same on every server, whatever its defaults. */
export async function useNeutralFormats(client: ClientBase): Promise<void> {
  await client.query(
    `set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres'; set local timezone = 'UTC';
     set local extra_float_digits = 1; set local bytea_output = 'hex'; set local client_encoding = 'UTF8'`,
  );
}

/** `"run" ("id", "name")`, as COPY takes it. */
export function quoteTable(
  client: ClientBase,
  { name, columns }: Pick<DatabaseTable, 'name' | 'columns'>,
): string {
  const quoted = columns.map((column) => client.escapeIdentifier(column)).join(', ');
  return `public.${client.escapeIdentifier(name)} (${quoted})`;
}
