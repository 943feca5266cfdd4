/**
 * The clauses and sort keys of MLflow's filter language as SQL. Each noun says by what expression a key of each kind is read;
 * how texts, numbers and lists are compared is said here once.
 */
import { AppError } from '@microtome/domain/app-error';
import type { SearchClause, SearchKey } from '@microtome/domain/mlflow/search-filter';
import type { SearchComparator } from '@microtome/domain/mlflow/search-grammar';
import type { SearchOrder } from '@microtome/domain/mlflow/search-order';
import { Prisma } from '../../generated/prisma/client.ts';

/** The expression whose value a key has in a row. */
type ReadKey = (key: SearchKey) => Prisma.Sql;

const OPERATORS: Partial<Record<SearchComparator, Prisma.Sql>> = {
  '=': Prisma.sql`=`,
  '!=': Prisma.sql`<>`,
  '>': Prisma.sql`>`,
  '>=': Prisma.sql`>=`,
  '<': Prisma.sql`<`,
  '<=': Prisma.sql`<=`,
  LIKE: Prisma.sql`like`,
  ILIKE: Prisma.sql`ilike`,
};

/** A row without the key matches none but IS NULL, as with MLflow. */
export function writeClause(clause: SearchClause, read: ReadKey): Prisma.Sql {
  return compare(read(clause), clause);
}

/** The same comparison over an expression that the noun gives itself. */
export function compare(left: Prisma.Sql, { comparator, value }: SearchClause): Prisma.Sql {
  if (comparator === 'IS NULL') return Prisma.sql`${left} is null`;
  if (comparator === 'IS NOT NULL') return Prisma.sql`${left} is not null`;
  if (comparator === 'IN') return Prisma.sql`${left} = any(${value}::text[])`;
  if (comparator === 'NOT IN') return Prisma.sql`${left} <> all(${value}::text[])`;
  const operator = OPERATORS[comparator]!;
  if (typeof value === 'number') return Prisma.sql`${left} ${operator} ${value}::float8`;
  if (comparator === 'LIKE' || comparator === 'ILIKE') {
    return Prisma.sql`${left} ${operator} ${checkPattern(String(value))}::text`;
  }
  return Prisma.sql`${left} ${operator} ${value}::text`;
}

/** Rows without the key come last, whichever way it is sorted. */
export function writeOrder(orders: readonly SearchOrder[], read: ReadKey, tail: Prisma.Sql): Prisma.Sql {
  const keys = orders.map((order) =>
    order.isAscending
      ? Prisma.sql`${read(order)} asc nulls last`
      : Prisma.sql`${read(order)} desc nulls last`,
  );
  return Prisma.join([...keys, tail], ', ');
}

/** All of them; true when there is none. */
export function joinConditions(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return conditions.length === 0 ? Prisma.sql`true` : Prisma.join([...conditions], ' and ');
}

/** Milliseconds since 1970 of a time column, which has no finer ones, as MLflow counts. */
export function toMilliseconds(column: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`round(date_part('epoch', ${column}) * 1000)`;
}

/** PostgreSQL refuses a pattern that ends within an escape. */
function checkPattern(pattern: string): string {
  if (/(^|[^\\])(\\\\)*\\$/.test(pattern)) {
    throw new AppError(
      'BAD_INPUT',
      `The pattern '${pattern}' ends in a single '\\', which stands for no character.`,
    );
  }
  return pattern;
}
