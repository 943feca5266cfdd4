/**
 * Writes an imported dataset, all of it in one transaction: either every row is there or none. Rows go in by
 * unnest, a few thousand a statement; the artifacts that they name were stored before.
 */
import { isDeepStrictEqual } from 'node:util';
import { AppError, invariant } from '@microtome/domain/app-error';
import type { PlacesFrom } from '@microtome/domain/slide/patch-name';
import type { PoolClient } from 'pg';
import type { Database } from '../database/database.ts';
import type { ChangeLog } from './change-log.ts';
import type { PackedPatches } from './packing/pack-patches.ts';
import type { CataloguedPatient, PatchColumns } from './packing/patch-catalogue.ts';
import { PIXEL_HASH_BYTES } from './packing/patch-catalogue.ts';
import type { Refusal } from './refusal.ts';
import { createUuidV7 } from './uuid-v7.ts';

/** The namespace of patient keys in the IDC layout, and the name of its class 1. */
const SOURCE = 'IDC';
const POSITIVE_CLASS = 'IDC';
const ROWS_PER_STATEMENT = 10_000;
const NAME_ATTEMPTS_MAX = 1000;

type DatasetToSave = {
  name: string;
  /** Whether the user chose the name: then a taken one is an error, and is never changed. */
  isNameChosen: boolean;
  digest: string;
  patchSizePx: number;
  packed: PackedPatches;
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
  /** Runs in the same transaction, just before it is committed. */
  beforeCommit?: (client: PoolClient, saved: SavedDataset) => Promise<void>;
};

/**
 * Saves the dataset, or finds the one that has the same digest.
 * @throws AppError CONFLICT when another dataset has the chosen name
 */
export async function saveDataset(request: SaveRequest): Promise<SavedDataset> {
  const client = await request.database.pool.connect();
  try {
    await client.query('begin');
    const saved = await insertOrReuse(client, request);
    await request.beforeCommit?.(client, saved);
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
    throw error;
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
    if (same) return { ...same, reused: true };
    if (dataset.isNameChosen) {
      throw new AppError('CONFLICT', `Another dataset is named "${name}". Choose another name for this one.`);
    }
  }
  throw new AppError(
    'CONFLICT',
    `No free name like "${dataset.name}" was found. Choose a name for this dataset.`,
  );
}

/** The dataset of the very same files. @throws AppError CONFLICT when other pixels were read from them than now */
async function findByDigest(client: PoolClient, { digest, packed }: DatasetToSave) {
  const { rows } = await client.query<{ id: string; name: string; mean: number[]; sd: number[] }>(
    'select id, name, channel_mean as mean, channel_sd as sd from dataset where digest = $1',
    [digest],
  );
  const [same] = rows;
  if (!same) return null;
  const { id: datasetId, name, mean, sd } = same;
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

/** Whether the row went in; it does not when the name or the digest is taken. */
async function insertDatasetRow(
  client: PoolClient,
  dataset: DatasetToSave & { datasetId: string },
): Promise<boolean> {
  const { datasetId, name, digest, patchSizePx, placesFrom, packed, refusedCount } = dataset;
  const { patients, patches, strips } = packed.catalogue;
  invariant(packed.channels, 'a dataset without full-size patches reached the database');
  const positiveCount = patients.reduce((sum, patient) => sum + patient.positiveCount, 0);
  const { rowCount } = await client.query(
    `insert into dataset (id, name, digest, source, patch_size_px, positive_class, patient_count, patch_count,
       positive_count, strip_count, refused_count, channel_mean, channel_sd, places_from)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict do nothing`,
    [
      ...[datasetId, name, digest, SOURCE, patchSizePx, POSITIVE_CLASS, patients.length, patches.count],
      ...[positiveCount, strips.count, refusedCount, packed.channels.mean, packed.channels.sd],
      placesFrom,
    ],
  );
  return rowCount === 1;
}

type RowsRequest = { datasetId: string; dataset: DatasetToSave; signal: AbortSignal };

async function insertRows(client: PoolClient, { datasetId, dataset, signal }: RowsRequest): Promise<void> {
  const { catalogue } = dataset.packed;
  const slideIds = await insertPatients(client, datasetId, catalogue.patients);
  await insertShards(client, datasetId, dataset.packed);
  await insertRefusals(client, datasetId, dataset.refusals);
  await insertChanges(client, datasetId, dataset.changeLog);
  const place = { datasetId, slideIds, signal };
  await insertPatches(client, { ...place, columns: catalogue.patches, firstIndex: 0 });
  await insertPatches(client, { ...place, columns: catalogue.strips, firstIndex: catalogue.patches.count });
}

/** Inserts patients, their counts and one slide each; the slides' ids are in the order of the patients. */
async function insertPatients(
  client: PoolClient,
  datasetId: string,
  patients: readonly CataloguedPatient[],
): Promise<string[]> {
  const keys = patients.map(({ key }) => key);
  const slideIds = patients.map(() => createUuidV7());
  // Sorted, so that two imports at once take the rows' locks in one order.
  await client.query(
    `insert into patient (id, source, key)
     select id, $3, key from unnest($1::uuid[], $2::text[]) as new (id, key) order by key collate "C"
     on conflict (source, key) do nothing`,
    [patients.map(() => createUuidV7()), keys, SOURCE],
  );
  await client.query(
    `insert into dataset_patient (dataset_id, patient_id, patch_count, positive_count, strip_count)
     select $1, patient.id, patch_count, positive_count, strip_count
     from unnest($3::text[], $4::int[], $5::int[], $6::int[])
       as new (key, patch_count, positive_count, strip_count)
     join patient on patient.source = $2 and patient.key = new.key`,
    [
      ...[datasetId, SOURCE, keys, patients.map((patient) => patient.patchCount)],
      ...[patients.map((patient) => patient.positiveCount), patients.map((patient) => patient.stripCount)],
    ],
  );
  await client.query(
    `insert into slide (id, dataset_id, patient_id, key, width_px, height_px)
     select new.id, $1, patient.id, new.key, width_px, height_px
     from unnest($3::uuid[], $4::text[], $5::int[], $6::int[]) as new (id, key, width_px, height_px)
     join patient on patient.source = $2 and patient.key = new.key`,
    [
      ...[datasetId, SOURCE, slideIds, keys],
      ...[patients.map((patient) => patient.widthPx), patients.map((patient) => patient.heightPx)],
    ],
  );
  return slideIds;
}

async function insertShards(client: PoolClient, datasetId: string, packed: PackedPatches): Promise<void> {
  const patchShards = packed.patchShards.map((shard) => ({ ...shard, kind: 'PATCH' }));
  const stripShards = packed.stripShards.map((shard) => ({ ...shard, kind: 'STRIP' }));
  let firstPatch = 0;
  const shards = [...patchShards, ...stripShards].map((shard) => {
    const placed = { ...shard, firstPatch };
    firstPatch += shard.patchCount;
    return placed;
  });
  await client.query(
    `insert into dataset_shard (dataset_id, position, kind, first_patch, patch_count, artifact_hash)
     select $1, position - 1, kind, first_patch, patch_count, artifact_hash
     from unnest($2::text[], $3::int[], $4::int[], $5::text[]) with ordinality
       as new (kind, first_patch, patch_count, artifact_hash, position)`,
    [
      ...[datasetId, shards.map((shard) => shard.kind), shards.map((shard) => shard.firstPatch)],
      ...[shards.map((shard) => shard.patchCount), shards.map((shard) => shard.artifact.hash)],
    ],
  );
}

async function insertRefusals(
  client: PoolClient,
  datasetId: string,
  refusals: readonly Refusal[],
): Promise<void> {
  await client.query(
    `insert into refused_file (dataset_id, position, path, code, reason)
     select $1, position - 1, path, code, reason
     from unnest($2::text[], $3::text[], $4::text[]) with ordinality as new (path, code, reason, position)`,
    [
      ...[datasetId, refusals.map((refusal) => refusal.path)],
      ...[refusals.map((refusal) => refusal.code), refusals.map((refusal) => refusal.reason)],
    ],
  );
}

async function insertChanges(
  client: PoolClient,
  datasetId: string,
  changeLog: DatasetToSave['changeLog'],
): Promise<void> {
  const listed = changeLog.listed();
  for (const [code, fileCount] of Object.entries(changeLog.countsByCode())) {
    const paths = listed.filter((change) => change.code === code).map(({ path }) => path);
    await client.query(
      'insert into pixel_change (dataset_id, code, file_count, paths) values ($1, $2, $3, $4)',
      [datasetId, code, fileCount, paths],
    );
  }
}

type PatchRows = {
  datasetId: string;
  slideIds: readonly string[];
  columns: PatchColumns;
  firstIndex: number;
  signal: AbortSignal;
};

async function insertPatches(client: PoolClient, rows: PatchRows): Promise<void> {
  const { columns } = rows;
  for (let start = 0; start < columns.count; start += ROWS_PER_STATEMENT) {
    rows.signal.throwIfAborted();
    const end = Math.min(start + ROWS_PER_STATEMENT, columns.count);
    const slice = (column: Int32Array | Int8Array) => Array.from(column.subarray(start, end));
    const pixelHashes = columns.pixelHash.subarray(start * PIXEL_HASH_BYTES, end * PIXEL_HASH_BYTES);
    await client.query(
      `insert into patch (dataset_id, index, slide_id, x, y, width_px, height_px, label, byte_offset, pixel_hash)
       select $1, $2 + position - 1, slide_id, x, y, width_px, height_px, label, byte_offset,
         substring($10::bytea from (position::int - 1) * 32 + 1 for 32)
       from unnest($3::uuid[], $4::int[], $5::int[], $6::int[], $7::int[], $8::smallint[], $9::bigint[])
         with ordinality as new (slide_id, x, y, width_px, height_px, label, byte_offset, position)`,
      [
        ...[rows.datasetId, rows.firstIndex + start],
        slice(columns.patientIndex).map((patientIndex) => rows.slideIds[patientIndex]),
        ...[slice(columns.x), slice(columns.y), slice(columns.widthPx), slice(columns.heightPx)],
        ...[slice(columns.label), slice(columns.byteOffset), Buffer.from(pixelHashes)],
      ],
    );
  }
}
