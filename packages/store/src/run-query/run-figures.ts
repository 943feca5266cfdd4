/** Numbers and values of named runs, any that a line can ask for, in one statement; and what a sweep says of its hyperparameters. */
import { printRunField } from '@microtome/domain/run-query/print-query';
import type { RunField } from '@microtome/domain/run-query/run-field';
import type { MeasuredSetting } from '@microtome/domain/run-query/setting-influence';
import { Prisma } from '../../generated/prisma/client.ts';
import { selectRows } from '../database/select-rows.ts';
import type { Store } from '../store.ts';
import { fieldSql, jsonSql } from './field-sql.ts';
import { type RunSelection, selectionSql } from './run-pages.ts';

/** Most runs whose settings are looked at together. */
const SETTINGS_MAX = 20_000;

/** Run id and printed field → its value; what a run lacks is left out. The fields are numbers. */
export async function listRunFigures(
  store: Store,
  { runIds, fields }: { runIds: readonly string[]; fields: readonly RunField[] },
): Promise<Map<string, number>> {
  const columns = fields.map(
    (field, at) => Prisma.sql`${fieldSql(field)}::float8 as ${Prisma.raw(`of_${at}`)}`,
  );
  const rows = await selectRows<{ id: string } & Record<string, number | string | null>>(
    store,
    Prisma.sql`select run.id::text as id, ${Prisma.join(columns)} from run where run.id = any(${[...runIds]}::uuid[])`,
  );
  const entries = rows.flatMap((row) =>
    fields.flatMap((field, at): [string, number][] => {
      const value = row[`of_${at}`];
      return typeof value === 'number' ? [[nameFigure({ runId: row.id, field }), value]] : [];
    }),
  );
  return new Map(entries);
}

/** Run id and printed field → its value as JSON, in the type that it has; what a run lacks is left out. */
export async function listRunValues(
  store: Store,
  { runIds, fields }: { runIds: readonly string[]; fields: readonly RunField[] },
): Promise<Map<string, unknown>> {
  if (fields.length === 0) return new Map();
  const columns = fields.map((field, at) => Prisma.sql`${jsonSql(field)} as ${Prisma.raw(`of_${at}`)}`);
  const rows = await selectRows<{ id: string } & Record<string, unknown>>(
    store,
    Prisma.sql`select run.id::text as id, ${Prisma.join(columns)} from run where run.id = any(${[...runIds]}::uuid[])`,
  );
  return new Map(
    rows.flatMap((row) =>
      fields.map((field, at) => [nameFigure({ runId: row.id, field }), row[`of_${at}`] ?? null] as const),
    ),
  );
}

/** A page asks for the same fields of each of its runs: each is printed once. */
const printed = new WeakMap<RunField, string>();

export function nameFigure({ runId, field }: { runId: string; field: RunField }): string {
  const name = printed.get(field) ?? printRunField(field);
  printed.set(field, name);
  return `${runId} ${name}`;
}

/** Hyperparameters and a number of each run that matches and has it. */
export async function listMeasuredSettings(
  store: Store,
  { of, ...selection }: RunSelection & { of: RunField },
): Promise<MeasuredSetting[]> {
  return selectRows<MeasuredSetting>(
    store,
    Prisma.sql`select hyperparameters, value from (
        select run.hyperparameters, ${fieldSql(of)}::float8 as value from run where ${selectionSql(selection)}) as chosen
      where value is not null limit ${SETTINGS_MAX}::int`,
  );
}
