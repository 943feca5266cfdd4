/**
 * A filter of runs as one SQL condition, for a statement that reads `run`. What a run lacks makes a comparison null, which
 * counts as no match, and its opposite as one: `not` is `is not true`.
 */

import { invariant } from '@microtome/domain/app-error';
import { printRunField } from '@microtome/domain/run-query/print-query';
import { type RunField, typeOfField } from '@microtome/domain/run-query/run-field';
import type { Comparison, RunFilter, RunValue, Scalar } from '@microtome/domain/run-query/run-filter';
import { Prisma } from '../../generated/prisma/client.ts';
import { likeAnywhere } from '../database/like-pattern.ts';
import {
  columnSql,
  FIGURE_COLUMNS,
  fieldSql,
  hyperparameterNumber,
  hyperparameterText,
  isNoun,
  matchRow,
  nounSql,
  rowOfField,
} from './field-sql.ts';

type SeriesField = Extract<RunField, { kind: 'SERIES' }>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SIGNS: Record<Comparison, Prisma.Sql> = {
  '=': Prisma.sql`=`,
  '!=': Prisma.sql`=`,
  '<': Prisma.sql`<`,
  '<=': Prisma.sql`<=`,
  '>': Prisma.sql`>`,
  '>=': Prisma.sql`>=`,
};

/** Fields, as they are printed, whose value of the run at hand the statement has already. */
export type KnownValues = ReadonlyMap<string, Prisma.Sql>;

export function filterSql(filter: RunFilter, known: KnownValues = new Map()): Prisma.Sql {
  switch (filter.kind) {
    case 'AND':
      return join(filter.filters, { known, separator: ' and ', none: Prisma.sql`true` });
    case 'OR':
      return join(filter.filters, { known, separator: ' or ', none: Prisma.sql`false` });
    case 'NOT':
      return Prisma.sql`(${filterSql(filter.filter, known)}) is not true`;
    case 'COMPARE': {
      const { field, operator, value } = filter;
      const own = known.size > 0 ? known.get(printRunField(field)) : undefined;
      const matched = own
        ? Prisma.sql`${own} ${SIGNS[operator]} ${valueSql(field, value)}`
        : compare(field, operator, value);
      return operator === '!=' ? Prisma.sql`(${matched}) is not true` : matched;
    }
    case 'IN':
      return filter.values.length === 0
        ? Prisma.sql`false`
        : Prisma.sql`(${Prisma.join(groupValues(filter.field, filter.values), ' or ')})`;
    case 'LIKE':
      return matchText(filter.field, filter.pattern, Prisma.sql`escape ''`);
    case 'CONTAINS':
      return matchText(filter.field, likeAnywhere(filter.text), Prisma.empty);
    case 'EMPTY':
      return isEmpty(filter.field);
    case 'TAGS':
      return matchTags(filter);
    case 'PATIENT':
      return matchPatient(filter);
  }
}

function join(
  filters: readonly RunFilter[],
  { known, separator, none }: { known: KnownValues; separator: string; none: Prisma.Sql },
): Prisma.Sql {
  if (filters.length === 0) return none;
  return Prisma.join(
    filters.map((filter) => Prisma.sql`(${filterSql(filter, known)})`),
    separator,
  );
}

function compare(field: RunField, operator: Comparison, value: RunValue): Prisma.Sql {
  const sign = SIGNS[operator];
  if (field.kind === 'COLUMN') {
    if (isNoun(field.name)) return matchNoun(field.name, String(literal(value)));
    if (field.name === 'id') return matchId(String(literal(value)));
    return Prisma.sql`${columnSql(field.name)} ${sign} ${valueSql(field, value)}`;
  }
  if (field.kind === 'TAG') return Prisma.sql`${fieldSql(field)} ${sign} ${valueSql(field, value)}`;
  if (field.kind === 'HYPERPARAMETER') return compareHyperparameter(field.name, sign, literal(value));
  if (field.kind === 'SERIES') return compareSeries(field, operator, valueSql(field, value));
  return matchRow(field, sign, valueSql(field, value));
}

/** `any` is a matter of the ends of a series; equality alone has to look at each of its numbers. */
function compareSeries(field: SeriesField, operator: Comparison, value: Prisma.Sql): Prisma.Sql {
  const sign = SIGNS[operator];
  if (field.pick !== 'ANY') return matchRow(field, sign, value);
  if (operator === '=' || operator === '!=') {
    return Prisma.sql`exists (select from metric where metric.run_id = run.id and metric.name = ${field.name} and metric.value = ${value})`;
  }
  const pick = operator === '<' || operator === '<=' ? 'MIN' : 'MAX';
  return matchRow({ ...field, pick }, sign, value);
}

function compareHyperparameter(name: string, sign: Prisma.Sql, value: Scalar): Prisma.Sql {
  if (typeof value === 'number') return Prisma.sql`${hyperparameterNumber(name)} ${sign} ${value}::float8`;
  return Prisma.sql`${hyperparameterText(name)} ${sign} ${String(value)}::text`;
}

/** By its id where it looks like one, else by its name. */
function matchNoun(noun: Parameters<typeof nounSql>[0], value: string): Prisma.Sql {
  const { table, key } = nounSql(noun);
  if (UUID.test(value)) return Prisma.sql`${key} = ${value}::uuid`;
  return Prisma.sql`${key} in (select id from ${table} as noun where noun.name = ${value})`;
}

function matchId(value: string): Prisma.Sql {
  return UUID.test(value) ? Prisma.sql`run.id = ${value}::uuid` : Prisma.sql`false`;
}

/** Numbers and texts are looked for by the column of their type: one list each. */
function groupValues(field: RunField, values: readonly Scalar[]): Prisma.Sql[] {
  if (field.kind === 'COLUMN' && !isNoun(field.name) && field.name !== 'id' && field.name !== 'tags') {
    const type = typeOfField(field);
    const column = columnSql(field.name);
    if (type === 'TEXT' || type === 'WORD')
      return [Prisma.sql`${column} = any(${values.map(String)}::text[])`];
    if (type !== 'FLAG') return [Prisma.sql`${column} = any(${values.map(Number)}::float8[])`];
  }
  if (field.kind === 'COLUMN' && field.name === 'id') {
    const ids = values.map(String).filter((id) => UUID.test(id));
    return [Prisma.sql`run.id = any(${ids}::uuid[])`];
  }
  if (field.kind === 'COLUMN' && field.name === 'tags') {
    return [Prisma.sql`run.tags && ${values.map(String)}::text[]`];
  }
  return values.map((value) => compare(field, '=', { kind: 'LITERAL', value }));
}

function matchText(field: RunField, pattern: string, ending: Prisma.Sql): Prisma.Sql {
  if (field.kind === 'COLUMN' && field.name === 'tags') {
    return Prisma.sql`exists (select from unnest(run.tags) as tag where tag ilike ${pattern} ${ending})`;
  }
  if (field.kind === 'COLUMN' && isNoun(field.name)) {
    const { table, key } = nounSql(field.name);
    return Prisma.sql`${key} in (select id from ${table} as noun where noun.name ilike ${pattern} ${ending})`;
  }
  const text = field.kind === 'HYPERPARAMETER' ? hyperparameterText(field.name) : fieldSql(field);
  return Prisma.sql`${text}::text ilike ${pattern} ${ending}`;
}

function isEmpty(field: RunField): Prisma.Sql {
  if (field.kind === 'COLUMN') {
    if (field.name === 'tags') return Prisma.sql`cardinality(run.tags) = 0`;
    return isNoun(field.name)
      ? Prisma.sql`${nounSql(field.name).key} is null`
      : Prisma.sql`${columnSql(field.name)} is null`;
  }
  if (field.kind === 'HYPERPARAMETER') return Prisma.sql`${hyperparameterText(field.name)} is null`;
  if (field.kind === 'TAG') return Prisma.sql`${fieldSql(field)} is null`;
  const { from, match, value } = rowOfField(field);
  return Prisma.sql`not exists (select from ${from} where ${match} and ${value} is not null)`;
}

function matchTags({ quantifier, tags }: Extract<RunFilter, { kind: 'TAGS' }>): Prisma.Sql {
  const list = Prisma.sql`${[...tags]}::text[]`;
  if (quantifier === 'ALL') return Prisma.sql`run.tags @> ${list}`;
  return quantifier === 'ANY' ? Prisma.sql`run.tags && ${list}` : Prisma.sql`not run.tags && ${list}`;
}

function matchPatient({ key, subset }: Extract<RunFilter, { kind: 'PATIENT' }>): Prisma.Sql {
  return Prisma.sql`run.split_id in (
    select split_patient.split_id from split_patient join patient on patient.id = split_patient.patient_id
    where patient.key = ${key} and split_patient.subset = ${subset}
    union all
    select split.id from split join dataset_patient on dataset_patient.dataset_id = split.dataset_id
    join patient on patient.id = dataset_patient.patient_id
    where split.kind = 'PATCH' and patient.key = ${key})`;
}

function valueSql(field: RunField, value: RunValue): Prisma.Sql {
  if (value.kind === 'TIME') return Prisma.sql`${value.at}::timestamptz`;
  if (value.kind === 'AGO') return Prisma.sql`(now() - make_interval(secs => ${value.seconds}::float8))`;
  if (value.kind === 'CHAMPION') return championSql(value);
  const type = typeOfField(field);
  if (type === 'NUMBER' || type === 'DURATION') return Prisma.sql`${Number(value.value)}::float8`;
  if (type === 'FLAG') return Prisma.sql`${value.value === true}::boolean`;
  return Prisma.sql`${String(value.value)}::text`;
}

/** Read once a statement: it does not depend on the run that is looked at. */
function championSql({ model, figure, runId }: Extract<RunValue, { kind: 'CHAMPION' }>): Prisma.Sql {
  invariant(runId, `the champion of '${model}' was looked up`);
  const { subset, name, end } = figure;
  return Prisma.sql`(select ${FIGURE_COLUMNS[end]} from run_figure
    where run_id = ${runId}::uuid and subset = ${subset} and name = ${name})`;
}

function literal(value: RunValue): Scalar {
  return value.kind === 'LITERAL' ? value.value : '';
}
