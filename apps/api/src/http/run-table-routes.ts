/** All runs that match as a file: GET /runs.csv and /runs.parquet, asked as the query `runs` is, with the fields as columns. */
import { AppError } from '@microtome/domain/app-error';
import { parseRunField, parseRunSort } from '@microtome/domain/run-query/parse-query';
import { isNumberField, type RunField, typeOfField } from '@microtome/domain/run-query/run-field';
import { tabulateRuns } from '@microtome/store/run-query/tabulate-runs';
import type { Request, Router } from 'express';
import { coerceInputValue, type GraphQLInputType, type GraphQLSchema, isInputType } from 'graphql';
import { readAccess } from '../access/access-gate.ts';
import { type ExportColumn, TABLE_FORMATS } from '../report/export-table.ts';
import { selectRuns } from '../schema/run-query/run-filter.ts';
import type { ApiServices } from '../services.ts';
import { describeTables, type RouteDescription } from './route-description.ts';
import { sendTable } from './send-table.ts';

const FIRST_COLUMNS = ['id', 'name', 'status', 'createdAt'];
const COLUMNS_MAX = 100;

export const RUN_TABLE_ROUTES: readonly RouteDescription[] = describeTables(TABLE_FORMATS, {
  path: '/runs',
  about: 'One row per run that matches, with any of its fields as columns.',
  query: {
    column: `a field as the line names it, as often as there are columns; ${FIRST_COLUMNS.join(', ')} without any`,
    filter: 'which runs, as JSON: a `RunFilter` of the GraphQL API',
    query: 'which runs, as a line',
    sort: 'in which order, as fields of the line; newest first when left out',
  },
});

export function addRunTableRoutes(router: Router, services: ApiServices, schema: GraphQLSchema): void {
  const { store, background } = services;
  const filterType = schema.getType('RunFilter');
  for (const format of TABLE_FORMATS) {
    router.get(`/runs.${format}`, async (request, response) => {
      const named = readTexts(request, 'column');
      if (named.length > COLUMNS_MAX) {
        throw new AppError('BAD_INPUT', `There are ${named.length} columns: at most ${COLUMNS_MAX} fit.`);
      }
      const names = [...new Set(named.length > 0 ? named : FIRST_COLUMNS)];
      const fields = names.map(parseRunField);
      const [query, sort] = [readTexts(request, 'query')[0], readTexts(request, 'sort')[0]];
      const filter = readFilter(readTexts(request, 'filter')[0], filterType as GraphQLInputType);
      const selection = await selectRuns(
        { store, access: readAccess(response) },
        { filter, query: query ?? null },
      );
      const columns = await tabulateRuns(store, { ...selection, sort: parseRunSort(sort ?? ''), fields });
      const table = { columns: names.map((name, at) => toColumn(name, fields[at]!, columns[at] ?? [])) };
      await sendTable({
        background,
        table,
        format,
        name: { table: 'runs', id: '' },
        subject: null,
        response,
      });
    });
  }
}

function readTexts({ query }: Request, name: string): string[] {
  return [query[name] ?? []].flat().filter((value) => typeof value === 'string');
}

type GivenFilter = Parameters<typeof selectRuns>[1]['filter'];

/** As the GraphQL API reads it, so that both know the same names. */
function readFilter(text: string | undefined, type: GraphQLInputType): GivenFilter {
  if (text === undefined || text === '' || !isInputType(type)) return null;
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new AppError('BAD_INPUT', `'filter' is no JSON: ${text.slice(0, 100)}.`);
  }
  const refusals: string[] = [];
  const filter = coerceInputValue(given, type, (_path, _value, error) => refusals.push(error.message));
  if (refusals.length > 0) throw new AppError('BAD_INPUT', `'filter' does not fit: ${refusals[0]}`);
  return filter as GivenFilter;
}

/** A hyperparameter is a number where all runs have a number of it. */
function toColumn(name: string, field: RunField, values: readonly unknown[]): ExportColumn {
  const isNumber =
    isNumberField(field) &&
    (typeOfField(field) !== 'ANY' || values.every((value) => value === null || typeof value === 'number'));
  if (isNumber) return { name, type: 'DOUBLE', values: values.map(toNumber) };
  return { name, type: 'STRING', values: values.map(toText) };
}

/** Infinity comes as its name, which JSON has no number for. */
function toNumber(value: unknown): number | null {
  return value === null ? null : Number(value);
}

function toText(value: unknown): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
