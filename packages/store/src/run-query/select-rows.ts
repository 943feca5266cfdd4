/**
 * Runs one statement that is put together from parts, straight on the pool: what is asked of runs needs no model of
 * Prisma's between the rows and their reader, which names the columns that it selects.
 */
import { hash } from 'node:crypto';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';

/** `Row` is what the statement selects: float8, text, int4, boolean, their arrays and JSON alone, which come as what they are. */
export async function selectRows<Row>(store: Store, statement: Prisma.Sql): Promise<Row[]> {
  const { rows } = await store.database.pool.query(statement.text, [...statement.values]);
  return rows as Row[];
}

/**
 * The same, of a statement that is always worded alike, or in few ways: each connection keeps it prepared, because to plan it
 * costs as much as to run it.
 */
export async function selectPrepared<Row>(store: Store, { text, values }: Prisma.Sql): Promise<Row[]> {
  const name = hash('sha1', text);
  const { rows } = await store.database.pool.query({ name, text, values: [...values] });
  return rows as Row[];
}
