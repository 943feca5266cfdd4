/**
 * The row of one import: every change is one conditional update of a RUNNING row, told on the channel
 * `dataset_import` with the row's id. A row that is over never changes again.
 */
import type { PoolClient } from 'pg';
import type { Database } from '../database/database.ts';
import type { ImportOptions } from './import-options.ts';
import type { ImportProgress } from './progress-meter.ts';
import { printablePath } from './refusal.ts';
import type { SavedDataset } from './save/save-dataset.ts';
import { createUuidV7 } from './uuid-v7.ts';

export const IMPORT_CHANNEL = 'dataset_import';

type Queryable = Pick<PoolClient, 'query'>;

/** What the import learns when it writes: a row that is gone or over, or a wish to stop. */
type ImportStanding = 'GOES_ON' | 'CANCEL_REQUESTED' | 'OVER';

/** Writes the row of an import that is about to run; resolves to its id. */
export async function insertImportRecord(
  { pool }: Database,
  options: ImportOptions,
  createdBy: string | null = null,
): Promise<string> {
  const importId = createUuidV7();
  const { name, path, ...choices } = options;
  await pool.query(
    `with inserted as (
       insert into dataset_import (id, name, source_path, options, project_id, created_by)
       values ($1, $2, $3, $4, $6, $7) returning id
     ) select pg_notify($5, id::text) from inserted`,
    [
      ...[importId, name, printablePath(path), JSON.stringify(choices)],
      ...[IMPORT_CHANNEL, options.projectId, createdBy],
    ],
  );
  return importId;
}

/** Renews the heartbeat, writes the progress if there is any to write, and says how the import stands. */
export async function writeProgress(
  { pool }: Database,
  { importId, progress }: { importId: string; progress: ImportProgress | null },
): Promise<ImportStanding> {
  const { rows } = await pool.query<{ canceled: boolean }>(
    `with updated as (
       update dataset_import set heartbeat_at = now(), phase = coalesce($2, phase),
         files_total = coalesce($3, files_total), files_done = coalesce($4, files_done),
         files_refused = coalesce($5, files_refused),
         files_per_second = case when $2::text is null then files_per_second else $6 end,
         seconds_left = case when $2::text is null then seconds_left else $7 end
       where id = $1 and status = 'RUNNING' returning id, cancel_requested_at
     ) select cancel_requested_at is not null as canceled,
         case when $2::text is not null then pg_notify($8, id::text) end from updated`,
    [
      ...[importId, progress?.phase, progress?.filesTotal, progress?.filesDone, progress?.filesRefused],
      ...[progress?.filesPerSecond, progress?.secondsLeft, IMPORT_CHANNEL],
    ],
  );
  if (!rows[0]) return 'OVER';
  return rows[0].canceled ? 'CANCEL_REQUESTED' : 'GOES_ON';
}

/** RUNNING → SUCCEEDED, within the transaction that saves the dataset; false when the import lost its row. */
export async function recordSuccess(
  client: Queryable,
  { importId, saved }: { importId: string; saved: SavedDataset },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `with updated as (
       update dataset_import set status = 'SUCCEEDED', phase = 'done', name = $2, dataset_id = $3, reused = $4,
         files_done = files_total, seconds_left = 0, heartbeat_at = now(), finished_at = now()
       where id = $1 and status = 'RUNNING' and cancel_requested_at is null returning id
     ) select pg_notify($5, id::text) from updated`,
    [importId, saved.name, saved.datasetId, saved.reused, IMPORT_CHANNEL],
  );
  return rowCount === 1;
}

/** What a SUCCEEDED import saved; null while it is RUNNING, and when it ended otherwise. */
export async function findSuccess(client: Queryable, importId: string): Promise<SavedDataset | null> {
  const { rows } = await client.query<SavedDataset>(
    `select dataset_id as "datasetId", name, reused from dataset_import where id = $1 and status = 'SUCCEEDED'`,
    [importId],
  );
  return rows[0] ?? null;
}

/** RUNNING → FAILED or CANCELED, with the sentence that says why; false when the row was over already. */
export async function recordEnd(
  { pool }: Database,
  { importId, status, error }: { importId: string; status: 'FAILED' | 'CANCELED'; error: string },
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `with updated as (
       update dataset_import set status = $2, error = $3, seconds_left = null, finished_at = now()
       where id = $1 and status = 'RUNNING' returning id
     ) select pg_notify($4, id::text) from updated`,
    [importId, status, error, IMPORT_CHANNEL],
  );
  return rowCount === 1;
}
