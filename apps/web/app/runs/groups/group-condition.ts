/** The runs of a group as a condition of the line, and what a group is called. Pure. */
import type { RunGroupsQuery } from '../../../graphql/generated/graphql.ts';
import { listConditions } from '../columns/condition-line.ts';
import type { RunColumn } from '../columns/run-column.ts';

export type RunGroup = RunGroupsQuery['aggregateRuns'][number];

/** Null where no line can ask for its value. */
export function writeGroupCondition({ name, type }: RunColumn, { keys }: RunGroup): string | null {
  const key = keys[0];
  if (!key || type === null) return null;
  // A group of tags is of one tag; a record is named by its id, since two may have one name.
  const value: unknown = key.id ?? (type === 'TAGS' && key.value !== null ? [key.value] : key.value);
  return listConditions({ field: name, type, value })[0]?.condition ?? null;
}

export function nameGroup({ keys }: RunGroup): string {
  const value: unknown = keys[0]?.value;
  if (value === null || value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
