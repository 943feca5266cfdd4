/**
 * Runs one statement that is put together from parts, straight on the pool: what is asked of runs needs no model of
 * Prisma's between the rows and their reader, which names the columns that it selects.
 */
import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Database } from './database.ts';
import { createStatementLine, type StatementLine } from './statement-line.ts';

type Pooled = { database: Pick<Database, 'pool'> };

/** `Row` is what the statement selects: float8, text, int4, boolean, their arrays and JSON alone, which come as what they are. */
export async function selectRows<Row>(store: Pooled, statement: Prisma.Sql): Promise<Row[]> {
  const { rows } = await store.database.pool.query(statement.text, [...statement.values]);
  return rows as Row[];
}

/**
 * The same, of a statement that is worded alike again and again: each connection keeps it prepared, because to plan it costs as
 * much as to run it.
 */
export async function selectPrepared<Row>(store: Pooled, statement: Prisma.Sql): Promise<Row[]> {
  const { pool } = store.database;
  const { rows } = await findLine(pool).pass(() => pool.query(prepare(statement)));
  return rows as Row[];
}

/** Sizes of pages that are asked for again and again. */
const USUAL_PAGES = [1, 10, 20, 25, 50, 100, 200, 250, 500, 1_000];

/**
 * At most so many rows, with one more that tells of a next page. Of a number that it does not know PostgreSQL believes that it is a tenth of
 * all rows, finds a plan that is made once dearer than one a question, and plans each time.
 */
export function limitToPage(size: number, offset = 0): Prisma.Sql {
  const rows = size + 1;
  const limit = USUAL_PAGES.includes(size) ? Prisma.raw(String(rows)) : Prisma.sql`${rows}::bigint`;
  return offset === 0 ? Prisma.sql`limit ${limit}` : Prisma.sql`limit ${limit} offset ${offset}::bigint`;
}

/** Rows as lists of what PostgreSQL writes of each value, for who reads few of them; prepared like the above. */
export async function selectTexts(
  store: Pooled,
  statement: Prisma.Sql,
): Promise<(readonly (string | null)[])[]> {
  const { pool } = store.database;
  const query = { ...prepare(statement), rowMode: 'array' as const, types: AS_TEXT };
  const { rows } = await findLine(pool).pass(() => pool.query<(string | null)[]>(query));
  return rows;
}

const AS_TEXT = { getTypeParser: () => (text: string) => text };

const lines = new WeakMap<Database['pool'], StatementLine>();

function findLine(pool: Database['pool']): StatementLine {
  const known = lines.get(pool);
  if (known) return known;
  const opened = createStatementLine();
  lines.set(pool, opened);
  return opened;
}

/** Each connection keeps each of them to its end: those of them that are asked once or twice are planned each time. */
const PREPARED_MAX = 300;
const ASKED_OFTEN = 3;
const names = new Map<string, string>();
const asked = new LRUCache<string, number>({ max: 1_000 });

function prepare({ text, values }: Prisma.Sql): { text: string; values: unknown[]; name?: string } {
  const query = { text, values: [...values] };
  const name = names.get(text);
  if (name) return { ...query, name };
  const times = (asked.get(text) ?? 0) + 1;
  asked.set(text, times);
  if (times >= ASKED_OFTEN && names.size < PREPARED_MAX) names.set(text, hash('sha1', text));
  return query;
}
