/** The address of the file with all runs that match. Pure. */
import type { RunSearch } from '../../../address/page-addresses.ts';
import { readSort } from '../columns/sort-line.ts';
import { toRunVariables } from '../run-search.ts';

export const TABLE_FORMATS = [
  { format: 'csv', title: 'All that match as CSV' },
  { format: 'parquet', title: 'All that match as Parquet' },
] as const;

type TableFile = { names: readonly string[]; format: (typeof TABLE_FORMATS)[number]['format'] };

/** The id comes first: a name is no key. */
export function linkToTable(search: RunSearch, { names, format }: TableFile): string {
  const { filter, query } = toRunVariables(search);
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null));
  const parameters = new URLSearchParams();
  for (const name of new Set(['id', ...names])) parameters.append('column', name);
  parameters.set('filter', JSON.stringify(given));
  if (query) parameters.set('query', query);
  parameters.set(
    'sort',
    readSort(search)
      .map(({ field, direction }) => `${field} ${direction.toLowerCase()}`)
      .join(', '),
  );
  return `/runs.${format}?${parameters}`;
}
