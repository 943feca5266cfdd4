/** The order of the run table as the line of the API writes it: several fields, each with its direction. Pure. */
import type { RunSearch } from '../../../address/page-addresses.ts';
import type { RunOrderField } from '../../../graphql/generated/graphql.ts';

export type SortKey = { field: string; direction: 'ASC' | 'DESC' };

/** The fields of the orders that links of old name. */
const ORDER_FIELDS: Record<RunOrderField, string> = {
  CREATED_AT: 'createdAt',
  NAME: 'name',
  STATUS: 'status',
  VALIDATION_AUC: 'best(validation.auc)',
  DURATION: 'duration',
};
const DIRECTION = /\s+(asc|desc)$/i;

type SortSearch = Pick<RunSearch, 'order' | 'direction' | 'sort'>;

export function readSort({ order, direction, sort }: SortSearch): SortKey[] {
  if (!sort.trim()) return [{ field: ORDER_FIELDS[order], direction }];
  return splitFields(sort).map((part) => {
    const word = DIRECTION.exec(part)?.[1];
    return {
      field: part.replace(DIRECTION, ''),
      direction: word?.toLowerCase() === 'desc' ? 'DESC' : 'ASC',
    };
  });
}

/** Newest first is as usual, and is not written. */
export function writeSort(keys: readonly SortKey[]): SortSearch {
  const [first, second] = keys;
  const isUsual = !first || (!second && first.field === 'createdAt' && first.direction === 'DESC');
  const line = keys.map(({ field, direction }) => `${field} ${direction.toLowerCase()}`).join(', ');
  return { order: 'CREATED_AT', direction: 'DESC', sort: isUsual ? '' : line };
}

/** By this field alone, or by it as well: first the large and new, then the other way, then no more. */
export function turnSort(keys: readonly SortKey[], field: string, isFurther: boolean): SortKey[] {
  const known = keys.find((key) => key.field === field);
  const next: SortKey[] = known?.direction === 'ASC' ? [] : [{ field, direction: known ? 'ASC' : 'DESC' }];
  if (!isFurther) return next;
  if (!known) return [...keys, ...next];
  return keys.flatMap((key) => (key === known ? next : [key]));
}

/** At commas, but for those in brackets and in quotation marks. */
function splitFields(line: string): string[] {
  const parts = line.match(/(?:"(?:\\.|[^"\\])*"|\([^()"]*(?:"(?:\\.|[^"\\])*"[^()"]*)*\)|[^,"])+/gs) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
