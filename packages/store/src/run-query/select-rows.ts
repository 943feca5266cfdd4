/**
 * Runs one statement that is put together from parts, straight on the pool: what is asked of runs needs no model of
 * Prisma's between the rows and their reader, which names the columns that it selects.
 */
import type { Prisma } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';

/** `Row` is what the statement selects: float8, text, int4 and their arrays alone, which come as numbers and texts. */
export async function selectRows<Row>(store: Store, statement: Prisma.Sql): Promise<Row[]> {
  const { rows } = await store.database.pool.query(statement.text, [...statement.values]);
  return rows as Row[];
}
