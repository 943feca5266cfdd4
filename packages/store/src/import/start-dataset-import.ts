/** How the API starts and ends imports: the row at once, the work in a child process. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { DatasetImport } from '../../generated/prisma/client.ts';
import { getProject } from '../access/projects.ts';
import type { Store } from '../store.ts';
import { type ImportOptionsInput, parseImportOptions } from './import-options.ts';
import type { ImportOrder } from './import-process.ts';
import { IMPORT_CHANNEL, insertImportRecord, recordEnd, writeProgress } from './import-record.ts';
import { openPatchSource } from './source/open-patch-source.ts';

/** A running import renews its heartbeat every second. */
const STALE_AFTER_MS = 15_000;
/** In the name of its process, by whoever started it. */
const BEAT_INTERVAL_MS = 2_000;
/** Longer than an import pauses between two tries to reach the database. */
const SECOND_LOOK_AFTER_MS = 5_000;

/**
 * Starts an import of the folder or zip at `path` for an account, and resolves to its row, which tells how it goes on.
 * @throws AppError when an option is wrong or there is nothing at the path; then there is no row
 */
export async function startDatasetImport(
  store: Store,
  input: ImportOptionsInput,
  createdBy: string | null = null,
): Promise<DatasetImport> {
  const options = parseImportOptions(input);
  const source = await openPatchSource(options.path);
  await source.close();
  await getProject(store, options.projectId);
  const importId = await insertImportRecord(store.database, options, createdBy);
  const order = { databaseUrl: store.database.url, artifactUrl: store.artifacts.url, importId, options };
  void superviseImport(store, startImportProcess(order), importId);
  return store.database.prisma.datasetImport.findUniqueOrThrow({ where: { id: importId } });
}

/**
 * Marks imports FAILED that say RUNNING but whose process is gone: no heartbeat for 15 seconds, and none while this looks.
 * An import that lived through a time without a database is as stale, and beats within these seconds. Resolves to how
 * many. To be called at start and now and then.
 */
export async function failInterruptedImports({ database }: Store): Promise<number> {
  const { rows: stale } = await database.pool.query<{ id: string; beat: string }>(
    `select id, heartbeat_at::text as beat from dataset_import
     where status = 'RUNNING' and heartbeat_at < now() - $1 * interval '1 millisecond'`,
    [STALE_AFTER_MS],
  );
  if (stale.length === 0) return 0;
  await delay(SECOND_LOOK_AFTER_MS);
  const { rowCount } = await database.pool.query(
    `with failed as (
       update dataset_import set status = 'FAILED', finished_at = now(), seconds_left = null,
         error = 'The import was interrupted: its process is gone. Start it again.'
       from unnest($1::uuid[], $2::text[]) as stale (import_id, beat)
       where id = import_id and status = 'RUNNING' and heartbeat_at = beat::timestamptz returning id
     ) select pg_notify($3, id::text) from failed`,
    [stale.map(({ id }) => id), stale.map(({ beat }) => beat), IMPORT_CHANNEL],
  );
  return rowCount ?? 0;
}

function startImportProcess(order: ImportOrder): ChildProcess {
  const script = fileURLToPath(new URL('./import-process.ts', import.meta.url));
  const child = fork(script, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  child.send(order);
  // An import does not keep the API from ending; it ends with it.
  child.unref();
  child.channel?.unref();
  return child;
}

/**
 * Says that the import's process lives, which on a busy machine takes longer to say so itself than it may be silent, and
 * records the end of one that died without doing so (killed, out of memory).
 */
async function superviseImport({ database }: Store, child: ChildProcess, importId: string): Promise<void> {
  const say = () => void writeProgress(database, { importId, progress: null }).catch(() => {});
  const beat = setInterval(say, BEAT_INTERVAL_MS);
  // An import does not keep the API from ending.
  beat.unref();
  const [code, signal] = await once(child, 'exit').finally(() => clearInterval(beat));
  const error = `The import's process ended unexpectedly (${signal ?? `status ${code}`}). Start it again.`;
  // If the database is down too, the missing heartbeat ends the import later.
  await recordEnd(database, { importId, status: 'FAILED', error }).catch(() => {});
}
