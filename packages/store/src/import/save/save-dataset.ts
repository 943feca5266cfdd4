/**
 * Writes an imported dataset, all of it in one transaction: either every row is there or none. Rows go in by
 * unnest, a few thousand a statement; the artifacts that they name were stored before.
 */
import { isDeepStrictEqual } from 'node:util';
import { AppError, invariant } from '@microtome/domain/app-error';
import type { PlacesFrom } from '@microtome/domain/slide/patch-name';
import type { ProposedTask } from '@microtome/domain/task/propose-task';
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import type { PoolClient } from 'pg';
import type { Database } from '../../database/database.ts';
import { diskFull } from '../../disk-fault.ts';
import type { ChangeLog } from '../change-log.ts';
import type { PackedPatches } from '../packing/pack-patches.ts';
import type { Refusal } from '../refusal.ts';
import { createUuidV7 } from '../uuid-v7.ts';
import { insertOutlines } from './insert-outlines.ts';
import { insertClasses, insertPatients, insertTask } from './insert-patients.ts';
import { insertChanges, insertPatches, insertRefusals, insertShards } from './insert-rows.ts';

const NAME_ATTEMPTS_MAX = 1000;

type DatasetToSave = {
  name: string;
  /** Whether the user chose the name: then a taken one is an error, and is never changed. */
  isNameChosen: boolean;
  projectId: string;
  digest: string;
  /** The namespace of its keys. */
  source: string;
  unit: SplittingUnit;
  patchSizePx: number;
  packed: PackedPatches;
  /** By position. */
  classes: readonly { name: string }[];
  /** The dataset's first task; null where it has one class alone. */
  task: ProposedTask | null;
  placesFrom: PlacesFrom;
  refusals: readonly Refusal[];
  refusedCount: number;
  changeLog: Pick<ChangeLog, 'countsByCode' | 'listed'>;
};

export type SavedDataset = { datasetId: string; name: string; reused: boolean };

type SaveRequest = {
  database: Database;
  dataset: DatasetToSave;
  signal: AbortSignal;
} & SaveHooks;

export type SaveHooks = {
  /**
   * Runs in the transaction that saves the dataset, just before it is committed. Gives what an earlier try saved
   * whose commit was not answered, if there was one.
   */
  beforeCommit?: (client: PoolClient, saved: SavedDataset) => Promise<SavedDataset | undefined>;
  /** Runs when such a transaction was rolled back. */
  afterRollback?: () => void;
};

/** PostgreSQL's: its own disk is full. */
const DISK_FULL_STATE = '53100';

/**
 * Saves the dataset, or finds the one of the project that has the same digest. May be tried again when the database was away.
 * @throws AppError CONFLICT when another dataset of the project has the chosen name, UNAVAILABLE when the disk of the database is full
 */
export async function saveDataset(request: SaveRequest): Promise<SavedDataset> {
  const client = await request.database.pool.connect();
  try {
    await client.query('begin');
    const inserted = await insertOrReuse(client, request);
    const saved = (await request.beforeCommit?.(client, inserted)) ?? inserted;
    request.signal.throwIfAborted();
    await client.query('commit');
    client.release();
    return saved;
  } catch (error) {
    // A connection that cannot even roll back is thrown away, which ends its transaction as well.
    const rolledBack = await client.query('rollback').then(
      () => true,
      () => false,
    );
    client.release(!rolledBack);
    request.afterRollback?.();
    if ((error as { code?: unknown }).code !== DISK_FULL_STATE) throw error;
    throw diskFull('the database server', 'nothing of the import was kept', error);
  }
}

async function insertOrReuse(client: PoolClient, { dataset, signal }: SaveRequest): Promise<SavedDataset> {
  const datasetId = createUuidV7();
  await insertArtifacts(client, dataset.packed);
  for (let attempt = 1; attempt <= NAME_ATTEMPTS_MAX; attempt++) {
    const name = attempt === 1 ? dataset.name : `${dataset.name} ${attempt}`;
    if (await insertDatasetRow(client, { ...dataset, name, datasetId })) {
      await insertRows(client, { datasetId, dataset, signal });
      return { datasetId, name, reused: false };
    }
    const same = await findByDigest(client, dataset);
    if (same) {
      await addTask(client, same.datasetId, dataset);
      return { ...same, reused: true };
    }
    if (dataset.isNameChosen) {
      throw new AppError('CONFLICT', `Another dataset is named "${name}". Choose another name for this one.`);
    }
  }
  throw new AppError(
    'CONFLICT',
    `No free name like "${dataset.name}" was found. Choose a name for this dataset.`,
  );
}

/** A task is one word a class, so that it can be another dataset's only where the classes are the same. */
async function addTask(
  client: PoolClient,
  datasetId: string,
  { task, classes }: DatasetToSave,
): Promise<void> {
  if (!task) return;
  const { rows } = await client.query<{ name: string }>(
    'select name from dataset_class where dataset_id = $1 order by position',
    [datasetId],
  );
  const isSame = isDeepStrictEqual(
    rows.map(({ name }) => name),
    classes.map(({ name }) => name),
  );
  if (isSame) await insertTask(client, datasetId, task);
}

/** The project's dataset of the very same files. @throws AppError CONFLICT when other pixels were read from them than now */
async function findByDigest(client: PoolClient, { digest, packed, projectId }: DatasetToSave) {
  const { rows } = await client.query<{
    id: string;
    name: string;
    mean: number[];
    sd: number[];
    deleting: boolean;
  }>(
    `select id, name, channel_mean as mean, channel_sd as sd,
       exists (select from deletion where subject_id = dataset.id) as deleting
     from dataset where digest = $1 and project_id = $2`,
    [digest, projectId],
  );
  const [same] = rows;
  if (!same) return null;
  const { id: datasetId, name, mean, sd, deleting } = same;
  if (deleting) {
    throw new AppError(
      'CONFLICT',
      `These files are those of "${name}", which is being deleted. Import them again once it is gone.`,
    );
  }
  if (isDeepStrictEqual({ mean, sd }, packed.channels)) return { datasetId, name };
  throw new AppError(
    'CONFLICT',
    `These files were imported before, as "${name}", when other pixels were read from them than today. ` +
      'Delete that dataset to import them again.',
  );
}

/** Touches those that are known, so that no sweep takes one before its shard names it; in order of the locks. */
async function insertArtifacts(
  client: PoolClient,
  { patchShards, stripShards }: PackedPatches,
): Promise<void> {
  const refs = [...patchShards, ...stripShards].map(({ artifact }) => artifact);
  await client.query(
    `insert into artifact (hash, bytes, media_type)
     select distinct on (hash) hash, bytes, media_type
     from unnest($1::text[], $2::bigint[], $3::text[]) as new (hash, bytes, media_type) order by hash
     on conflict (hash) do update set created_at = clock_timestamp()`,
    [refs.map((ref) => ref.hash), refs.map((ref) => ref.bytes), refs.map((ref) => ref.mediaType)],
  );
}

/** Whether the row went in; it does not when the project has the name or the digest. */
async function insertDatasetRow(
  client: PoolClient,
  dataset: DatasetToSave & { datasetId: string },
): Promise<boolean> {
  const { datasetId, name, digest, source, unit, patchSizePx, placesFrom } = dataset;
  const { packed, classes, refusedCount } = dataset;
  const { patients, patches, strips } = packed.catalogue;
  invariant(packed.channels, 'a dataset without full-size patches reached the database');
  const { rowCount } = await client.query(
    `insert into dataset (id, name, digest, source, unit, has_places, patch_size_px, patient_count, class_count,
       patch_count, strip_count, refused_count, channel_mean, channel_sd, places_from, project_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) on conflict do nothing`,
    [
      ...[datasetId, name, digest, source, unit, patches.x.subarray(0, patches.count).every((x) => x >= 0)],
      ...[patchSizePx, patients.length, classes.length, patches.count],
      ...[strips.count, refusedCount, packed.channels.mean, packed.channels.sd, placesFrom],
      dataset.projectId,
    ],
  );
  return rowCount === 1;
}

type RowsRequest = { datasetId: string; dataset: DatasetToSave; signal: AbortSignal };

async function insertRows(client: PoolClient, { datasetId, dataset, signal }: RowsRequest): Promise<void> {
  const { catalogue } = dataset.packed;
  const { classes, task } = dataset;
  await insertClasses(client, datasetId, { classes, task, patients: catalogue.patients });
  const { patients, slides } = catalogue;
  const source = dataset.unit === 'NONE' ? `unknown, ${datasetId}` : dataset.source;
  const slideIds = await insertPatients(client, datasetId, { source, patients, slides });
  await insertOutlines(client, { slides, slideIds });
  await insertShards(client, datasetId, dataset.packed);
  await insertRefusals(client, datasetId, dataset.refusals);
  await insertChanges(client, datasetId, dataset.changeLog);
  const place = { datasetId, slideIds, signal };
  await insertPatches(client, { ...place, columns: catalogue.patches, firstIndex: 0 });
  await insertPatches(client, { ...place, columns: catalogue.strips, firstIndex: catalogue.patches.count });
}
