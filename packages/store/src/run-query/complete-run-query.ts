/** What may come next in a line about runs, names of records and series of this store among it. */
import { findQueryGap, type QueryCompletion } from '@microtome/domain/run-query/complete-query';
import { printName } from '@microtome/domain/run-query/print-query';
import type { Expected, TextRange } from '@microtome/domain/run-query/query-error';
import { type RunField, typeOfField } from '@microtome/domain/run-query/run-field';
import { Prisma } from '../../generated/prisma/client.ts';
import { escapeLike } from '../database/like-pattern.ts';
import { selectPrepared } from '../database/select-rows.ts';
import type { Store } from '../store.ts';
import { columnSql, fieldSql, hyperparameterText, isNoun, nounSql } from './field-sql.ts';

export type RunQueryCompletions = { range: TextRange; completions: QueryCompletion[] };

const COMPLETIONS_MAX = 50;
/** Of how many of the newest runs names and values are offered. */
const RUNS_LOOKED_AT = 2_000;

type Completing = {
  line: string;
  at: number;
  /** Whose names are offered; null: of all projects. */
  projectIds: readonly string[] | null;
};

/** Of the line up to this place; empty where what stands before it is wrong. */
export async function completeRunQuery(
  store: Store,
  { line, at, projectIds }: Completing,
): Promise<RunQueryCompletions> {
  const gap = findQueryGap(line, at);
  if (!gap) return { range: { from: at, to: at }, completions: [] };
  const names = await listRunNames(store, { ...gap, projectIds, take: COMPLETIONS_MAX });
  const known = new Set(gap.known.map(({ text }) => text));
  const own = names
    .map((name): QueryCompletion => ({ text: printName(name), kind: 'VALUE', about: '' }))
    .filter(({ text }) => !known.has(text));
  return { range: gap.range, completions: [...gap.known, ...own].slice(0, COMPLETIONS_MAX) };
}

type Wanted = { expected: Expected; typed: string; projectIds: readonly string[] | null; take: number };

/** Names of what is expected that begin as it is typed, from the newest runs. */
export async function listRunNames(
  store: Store,
  { expected, typed, projectIds, take }: Wanted,
): Promise<string[]> {
  const source = namesOf(expected, (projectId) =>
    projectIds === null ? Prisma.sql`true` : Prisma.sql`${projectId} = any(${[...projectIds]}::uuid[])`,
  );
  if (!source) return [];
  const rows = await selectPrepared<{ name: string }>(
    store,
    Prisma.sql`select distinct name from (${source}) as known
      where name like ${`${escapeLike(typed)}%`} order by name limit ${take}::int`,
  );
  return rows.map(({ name }) => name);
}

/** The condition on the project that a column names. */
type Seen = (projectId: Prisma.Sql) => Prisma.Sql;

function namesOf(expected: Expected, seen: Seen): Prisma.Sql | null {
  // By the index in their order, whoever asks: a join would have all runs sorted first.
  const newest = Prisma.sql`(select run.* from run
    where ${seen(Prisma.sql`(select project_id from experiment where experiment.id = run.experiment_id)`)}
    order by run.created_at desc, run.id desc limit ${RUNS_LOOKED_AT}::int) as run`;
  switch (expected.kind) {
    // A name that all series have lost, because their runs were deleted, is not offered.
    case 'SERIES':
      return Prisma.sql`select series_name.name from series_name where ${seen(Prisma.sql`series_name.project_id`)}
        and exists (select from metric_summary where metric_summary.name = series_name.name)`;
    case 'PARAMETER':
      return Prisma.sql`select jsonb_object_keys(run.hyperparameters) as name from ${newest}`;
    case 'TAG_KEY':
      return Prisma.sql`select split_part(tag, ':', 1) as name from ${newest}, unnest(run.tags) as tag where tag like '%:%'`;
    case 'PATIENT':
      return Prisma.sql`select key as name from patient where exists (select from dataset_patient
        join dataset on dataset.id = dataset_id
        where patient_id = patient.id and ${seen(Prisma.sql`dataset.project_id`)})`;
    case 'MODEL':
      return Prisma.sql`select name from model where ${seen(Prisma.sql`project_id`)}`;
    case 'VALUE':
      return valuesOf(expected.field, newest, seen);
    default:
      return null;
  }
}

function valuesOf(field: RunField, newest: Prisma.Sql, seen: Seen): Prisma.Sql | null {
  if (field.kind === 'HYPERPARAMETER')
    return Prisma.sql`select ${hyperparameterText(field.name)} as name from ${newest}`;
  if (field.kind === 'TAG') return Prisma.sql`select ${fieldSql(field)} as name from ${newest}`;
  if (field.kind !== 'COLUMN') return null;
  if (isNoun(field.name)) {
    const { table, projectId } = nounSql(field.name);
    return Prisma.sql`select noun.name from ${table} as noun where ${seen(projectId)}`;
  }
  const type = typeOfField(field);
  if (type === 'TAGS') return Prisma.sql`select unnest(run.tags) as name from ${newest}`;
  return type === 'TEXT' ? Prisma.sql`select ${columnSql(field.name)} as name from ${newest}` : null;
}
