/** Counts, means, spreads and quantiles of runs, in groups: one statement. */
import { AppError } from '@microtome/domain/app-error';
import { printRunField } from '@microtome/domain/run-query/print-query';
import { isNumberField, type RunField, typeOfField } from '@microtome/domain/run-query/run-field';
import { Prisma } from '../../generated/prisma/client.ts';
import { selectRows } from '../database/select-rows.ts';
import type { Store } from '../store.ts';
import { fieldSql, hyperparameterNumber, isNoun, jsonSql, nounSql } from './field-sql.ts';
import { type RunSelection, selectionSql } from './run-pages.ts';

export type RunGroupKey = { by: string; value: unknown; id: string | null };
export type RunMeasure = {
  of: string;
  /** Runs that have it; the figures are theirs. */
  count: number;
  min: number | null;
  max: number | null;
  mean: number | null;
  /** Divisor n - 1; null below two. */
  standardDeviation: number | null;
  sum: number | null;
  quantiles: { share: number; value: number | null }[];
};
export type RunGroup = { keys: RunGroupKey[]; count: number; seconds: number; measures: RunMeasure[] };

type AggregateRequest = RunSelection & {
  groupBy: readonly RunField[];
  measures: readonly RunField[];
  /** Shares from 0 to 1. */
  quantiles: readonly number[];
  take: number;
};

const GROUPS_BY_MAX = 4;
const MEASURES_MAX = 20;
const QUANTILES_MAX = 20;

/** Largest groups first. Grouped by tags, a run counts in the group of each of its tags. */
export async function aggregateRuns(store: Store, request: AggregateRequest): Promise<RunGroup[]> {
  checkRequest(request);
  const { groupBy, measures, quantiles, take } = request;
  const byTag = groupBy.some((field) => typeOfField(field) === 'TAGS');
  const columns = [
    ...groupBy.flatMap((field, at) => [
      Prisma.sql`${groupSql(field)} as ${Prisma.raw(`by_${at}`)}`,
      Prisma.sql`${groupIdSql(field)} as ${Prisma.raw(`id_${at}`)}`,
    ]),
    ...measures.map((field, at) => Prisma.sql`${measureSql(field)} as ${Prisma.raw(`of_${at}`)}`),
    Prisma.sql`${fieldSql({ kind: 'COLUMN', name: 'duration' })} as took`,
  ];
  const keys = groupBy.flatMap((_field, at) => [`by_${at}`, `id_${at}`]);
  const rows = await selectRows<Record<string, unknown>>(
    store,
    Prisma.sql`select ${Prisma.raw([...keys, 'count(*)::int as count', 'coalesce(sum(took), 0) as seconds'].join(', '))}
        ${Prisma.join([Prisma.empty, ...measures.map((_field, at) => summarySql(`of_${at}`, quantiles))], ' ')}
      from (select ${Prisma.join(columns)} from run ${byTag ? Prisma.sql`cross join lateral unnest(run.tags) as tag` : Prisma.empty}
        where ${selectionSql(request)}) as chosen
      ${keys.length > 0 ? Prisma.raw(`group by ${keys.join(', ')}`) : Prisma.empty}
      order by count desc ${Prisma.raw(keys.map((key) => `, ${key}`).join(''))} limit ${take}::int`,
  );
  return rows.map((row) => ({
    keys: groupBy.map((field, at) => ({
      by: printRunField(field),
      value: row[`by_${at}`] ?? null,
      id: (row[`id_${at}`] as string | null) ?? null,
    })),
    count: row.count as number,
    seconds: row.seconds as number,
    measures: measures.map((field, at) => readMeasure(row, { field, column: `of_${at}`, quantiles })),
  }));
}

/** As JSON, so that a group says of what type its value is. */
function groupSql(field: RunField): Prisma.Sql {
  return typeOfField(field) === 'TAGS' ? Prisma.sql`to_jsonb(tag)` : jsonSql(field);
}

/** Two experiments of one name on two datasets are two groups. */
function groupIdSql(field: RunField): Prisma.Sql {
  return field.kind === 'COLUMN' && isNoun(field.name)
    ? Prisma.sql`${nounSql(field.name).key}::text`
    : Prisma.sql`null::text`;
}

function measureSql(field: RunField): Prisma.Sql {
  return field.kind === 'HYPERPARAMETER' ? hyperparameterNumber(field.name) : fieldSql(field);
}

function summarySql(column: string, quantiles: readonly number[]): Prisma.Sql {
  const of = Prisma.raw(column);
  const name = (figure: string) => Prisma.raw(`${column}_${figure}`);
  return Prisma.sql`, count(${of})::int as ${name('count')}, min(${of}) as ${name('min')}, max(${of}) as ${name('max')},
    avg(${of}) as ${name('mean')}, stddev_samp(${of}) as ${name('sd')}, sum(${of}) as ${name('sum')},
    percentile_cont(${[...quantiles]}::float8[]) within group (order by ${of}) as ${name('quantiles')}`;
}

function readMeasure(
  row: Record<string, unknown>,
  { field, column, quantiles }: { field: RunField; column: string; quantiles: readonly number[] },
): RunMeasure {
  const read = (figure: string) => (row[`${column}_${figure}`] as number | null) ?? null;
  const values = (row[`${column}_quantiles`] as (number | null)[] | null) ?? [];
  return {
    of: printRunField(field),
    count: read('count') ?? 0,
    min: read('min'),
    max: read('max'),
    mean: read('mean'),
    standardDeviation: read('sd'),
    sum: read('sum'),
    quantiles: quantiles.map((share, at) => ({ share, value: values[at] ?? null })),
  };
}

function checkRequest({ groupBy, measures, quantiles }: AggregateRequest): void {
  const refuse = (sentence: string) => {
    throw new AppError('BAD_INPUT', sentence);
  };
  if (groupBy.length > GROUPS_BY_MAX)
    refuse(`There are ${groupBy.length} fields to group by: at most ${GROUPS_BY_MAX} fit.`);
  if (measures.length > MEASURES_MAX)
    refuse(`There are ${measures.length} measures: at most ${MEASURES_MAX} fit.`);
  if (quantiles.length > QUANTILES_MAX)
    refuse(`There are ${quantiles.length} quantiles: at most ${QUANTILES_MAX} fit.`);
  const share = quantiles.find((one) => !(one >= 0 && one <= 1));
  if (share !== undefined) refuse(`The quantile ${share} is not between 0 and 1.`);
  const word = measures.find((field) => !isNumberField(field));
  if (word) refuse(`'${printRunField(word)}' is no number: there is no mean of it.`);
}
