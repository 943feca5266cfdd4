/**
 * What is deleted is asked for by every table that refers to it, row by row. Each foreign key has an index that finds those
 * rows alone: without one, deleting many costs the square of them.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestStore, type TestStore } from '../../test-store.ts';

/** By name, with the reason why reading more than its rows is bearable. */
const WITHOUT_INDEX: Record<string, string> = {
  dataset_import_created_by_fkey: 'accounts stay',
  experiment_task_id_dataset_id_fkey: 'experiments are few',
  external_evaluation_created_by_fkey: 'accounts stay',
  external_evaluation_run_id_fkey: 'evaluations on other datasets are few',
  external_evaluation_task_id_dataset_id_fkey: 'evaluations on other datasets are few',
  patch_dataset_id_class_fkey: 'a dataset has few classes',
  promotion_model_id_policy_version_fkey: 'promotions are few, and stay',
  promotion_version_id_model_id_split_kind_fkey: 'promotions are few, and stay',
  split_patient_split_id_site_subset_fkey: 'a split has few sites',
  sweep_created_by_fkey: 'accounts stay',
};

type ForeignKey = {
  name: string;
  columns: string[];
  /** Sets of those columns that find one row of what they refer to. */
  keys: string[][];
  /** Of each index of the table that begins with one of the columns, all of its columns. */
  indexes: string[][];
};

const LIST_FOREIGN_KEYS = `
  select conname as name,
    (select json_agg(attname) from unnest(conkey) as k (n)
       join pg_attribute on attrelid = conrelid and attnum = n) as columns,
    (select coalesce(json_agg(own), '[]') from (
       select json_agg(attname) as own from pg_index
         cross join unnest(indkey::int2[]) as k (n)
         left join unnest(conkey, confkey) as pair (here, there) on there = n
         left join pg_attribute on attrelid = conrelid and attnum = here
       where indrelid = confrelid and indisunique and indpred is null
       group by indexrelid having count(here) = count(*)) as unique_keys) as keys,
    (select coalesce(json_agg((select json_agg(attname order by place)
        from unnest(indkey::int2[]) with ordinality as k (n, place)
        join pg_attribute on attrelid = indrelid and attnum = n)), '[]')
      from pg_index where indrelid = conrelid and indpred is null and indkey[0] = any (conkey)) as indexes
  from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace order by name`;

let test: TestStore;

beforeAll(async () => {
  test = await createTestStore();
});
afterAll(() => test.close());

it('every foreign key has an index of its own rows, and no second one that reads more', async () => {
  const { rows } = await test.store.database.pool.query<ForeignKey>(LIST_FOREIGN_KEYS);
  expect(rows.length).toBeGreaterThan(30);
  const slow = rows.filter((key) => !hasOwnIndex(key)).map(({ name }) => name);
  expect(slow).toEqual(Object.keys(WITHOUT_INDEX));
});

/** One that begins with all columns; or with what finds the row, where none begins with another column and invites to combine both. */
function hasOwnIndex({ columns, keys, indexes }: ForeignKey): boolean {
  return indexes.some((index) => {
    const end = index.findIndex((column) => !columns.includes(column));
    const first = new Set(end < 0 ? index : index.slice(0, end));
    if (columns.every((column) => first.has(column))) return true;
    const isEnough = keys.some((key) => key.every((column) => first.has(column)));
    return isEnough && indexes.every(([leading]) => first.has(leading!));
  });
}
