'use client';
/** The columns of the run table as the address names them, and the fields whose values have to be asked for. */
import { useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { describeError } from '../../../api/error-sentence.ts';
import { NamedRunFieldsDocument, type RunFieldFactsFragment } from '../../../graphql/generated/graphql.ts';
import type { MetricCatalogue } from '../../../metrics/metric-catalogue.ts';
import { useCatalogueState } from '../../../metrics/metric-catalogue-provider.tsx';
import { createFieldColumn } from './field-column.tsx';
import { listKnownColumns } from './known-columns.tsx';
import type { RunColumn } from './run-column.ts';

/** The frame of the table waits for the real one. */
const NO_CATALOGUE: MetricCatalogue = new Map();

type RunColumns = {
  columns: RunColumn[];
  /** The names of those whose values are asked for. */
  asked: string[];
  /** Why some columns are left out. */
  error: string | null;
  /** The one that the runs are grouped by, shown or not. */
  by: RunColumn | null;
};

/** A column that is no field of runs is left out, with the others that are asked for. */
export function useRunColumns(names: readonly string[], group: string): RunColumns {
  const { catalogue: found } = useCatalogueState();
  const catalogue = found ?? NO_CATALOGUE;
  const known = useMemo(
    () => new Map(listKnownColumns(catalogue).map((column) => [column.name, column])),
    [catalogue],
  );
  const named = useMemo(
    () => (group === '' || names.includes(group) ? names : [...names, group]),
    [names, group],
  );
  const wanted = useMemo(() => named.filter((name) => !known.has(name)), [named, known]);
  const { data, previousData, error } = useQuery(NamedRunFieldsDocument, {
    variables: { names: wanted },
    skip: wanted.length === 0,
    fetchPolicy: 'cache-first',
  });
  const fields = (data ?? previousData)?.runFields;
  const byName = useMemo(() => {
    const described = error ? [] : nameAsAsked(wanted, data ? fields : undefined);
    return new Map([
      ...known,
      ...described.map((field) => [field.name, createFieldColumn(field, catalogue)] as const),
    ]);
  }, [wanted, known, catalogue, fields, data, error]);
  const columns = useMemo(() => names.flatMap((name) => byName.get(name) ?? []), [names, byName]);
  const isDescribed = known.has(group) || data !== undefined;
  return {
    columns,
    asked: error ? [] : wanted.filter((name) => names.includes(name)),
    error: error ? describeError(error) : null,
    by: (isDescribed && byName.get(group)) || null,
  };
}

/** The address may name a field by a short name, and its column is known by that. Until it is described it is a text. */
function nameAsAsked(
  wanted: readonly string[],
  fields: readonly RunFieldFactsFragment[] | undefined,
): RunFieldFactsFragment[] {
  return wanted.map((name, at) => ({
    ...(fields?.[at] ?? { kind: 'COLUMN', type: 'TEXT', isNumber: false, about: '' }),
    name,
  }));
}
